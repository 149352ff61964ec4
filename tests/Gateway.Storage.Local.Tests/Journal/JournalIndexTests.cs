namespace Gateway.Storage.Local.Tests.Journal;

/// <summary>What goes into the journal's index comes out of it as it was.</summary>
public sealed class JournalIndexTests
{
    private static readonly CounterKey Key = Asked.Key();

    public static TheoryData<string> Reserved { get; } =
    [
        "0", "1", "18446744073709551616", "999999999999999999999999999", "79228162514264337593543950335",
        "79228162514264337593543950336", "170141183460469231731687303715884105727", "-1",
        "-170141183460469231731687303715884105728",
    ];

    [Theory]
    [MemberData(nameof(Reserved))]
    public void Keeps_every_record_whole(string reserved)
    {
        var index = new JournalIndex();
        var number = Int128.Parse(reserved, null);
        foreach (var windowStartMs in new[] { -1500, 60_000, 4_294_967_295_000, 4_294_967_296_000, 1001 })
        {
            foreach (var nonce in new[] { UInt128.MaxValue - 7, ulong.MaxValue, (UInt128)ulong.MaxValue + 1 })
            {
                var record = new Reservation(windowStartMs, number, nonce);
                index[Key] = new Reservation(60_000, 5, 9);
                index[Key] = record;
                Assert.Equal(record, index[Asked.Key()]);
                Assert.Equal(new(Key, record), Assert.Single(index));

                index[Key] = new Reservation(60_000, 5, 9);
                Assert.Equal(new Reservation(60_000, 5, 9), index[Key]);
            }
        }
    }

    [Fact]
    public void Keeps_the_entries_of_a_sliding_limit()
    {
        var index = new JournalIndex();
        var record = new Reservation(1000, 3, 7) { Entries = SlidingEntries.Empty.With(2000, 3) };
        index[Asked.SlidingKey()] = record;
        index[Key] = new Reservation(0, 1, 2);
        Assert.Equal(record, index[Asked.SlidingKey()]);

        index.RemoveEnded(index.Find(Asked.SlidingKey()), rowsMax: 1, long.MaxValue);
        Assert.False(index.TryGetValue(Asked.SlidingKey(), out _));
        Assert.Equal(1, index.Count);
    }

    [Fact]
    public void Lets_go_of_what_has_ended_some_at_a_time()
    {
        var index = new JournalIndex();
        for (var i = 0; i < 1000; i++) index[Asked.Key("c" + i)] = new Reservation(i % 2 * 60_000, i, 1);
        var looks = 0;
        for (var row = 0; row < index.End; looks++) row = index.RemoveEnded(row, 300, 60_000);
        Assert.Equal(4, looks);
        Assert.Equal(500, index.Count);
        Assert.All(index, static one => Assert.Equal("c" + one.Value.Reserved, one.Key.Counter));
    }

    [Fact]
    public void A_counter_that_takes_the_place_of_another_has_no_marks()
    {
        var index = new JournalIndex();
        var row = index.Add(Key, new Reservation(0, 1, 2));
        Assert.False(index.TryMark(row, 1));
        Assert.True(index.TryMark(row, 1));
        Assert.False(index.TryMark(row, 2));
        index.RemoveEnded(row, rowsMax: 1, long.MaxValue);
        Assert.Equal(row, index.Add(Asked.Key("other"), new Reservation(0, 1, 2)));
        Assert.False(index.TryMark(row, 1));
    }
}
