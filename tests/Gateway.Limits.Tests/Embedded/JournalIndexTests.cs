using Gateway.Limits.Embedded;

namespace Gateway.Limits.Tests.Embedded;

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
        var record = new Reservation(-1500, Int128.Parse(reserved, null), UInt128.MaxValue - 7);
        index[Key] = new JournalEntry(new Reservation(60_000, 5, 9), 1);
        index[Key] = new JournalEntry(record, 2);
        Assert.Equal(new JournalEntry(record, 2), index[Asked.Key()]);
        Assert.Equal(new(Key, new JournalEntry(record, 2)), Assert.Single(index));

        index[Key] = new JournalEntry(new Reservation(60_000, 5, 9), 2);
        Assert.Equal(new Reservation(60_000, 5, 9), index[Key].Record);
    }

    [Fact]
    public void Keeps_the_entries_of_a_sliding_limit()
    {
        var index = new JournalIndex();
        var record = new Reservation(1000, 3, 7) { Entries = SlidingEntries.Empty.With(2000, 3) };
        index[Asked.SlidingKey()] = new JournalEntry(record, 0);
        index[Key] = new JournalEntry(new Reservation(0, 1, 2), 0);
        Assert.Equal(record, index[Asked.SlidingKey()].Record);

        index.Remove(Asked.SlidingKey());
        Assert.False(index.TryGetValue(Asked.SlidingKey(), out _));
        Assert.Equal(1, index.Count);
    }

    [Fact]
    public void Lets_go_of_what_has_ended_and_numbers_the_rest_in_its_order()
    {
        var index = new JournalIndex();
        for (var i = 0; i < 1000; i++)
            index[Asked.Key("c" + i)] = new JournalEntry(new Reservation(i % 2 * 60_000, i, 1), 0);
        index.RemoveEnded(60_000);
        Assert.Equal(500, index.Count);
        Assert.Equal(500u, index.Renumber());
        var numbers = index.Select(static one => (int)one.Value.Number);
        Assert.Equal(Enumerable.Range(1, 500), numbers);
        Assert.All(index, static one => Assert.Equal("c" + one.Value.Record.Reserved, one.Key.Counter));
    }
}
