namespace Gateway.Limits.Conformance;

/// <summary>What every reservation store must keep of a sliding limit.</summary>
public abstract class SlidingRecordConformance
{
    private const long WindowMs = 1_772_366_400_000;

    /// <summary>An empty store for this test.</summary>
    protected abstract IReservationStore Store { get; }

    [Fact]
    public async Task Keeps_the_entries_of_a_sliding_limit_and_says_them_again()
    {
        var key = Asked.SlidingKey("store", "day");
        var entries = SlidingEntries.Empty;
        for (var i = 0; i < 1100; i++) entries = entries.With(WindowMs + (i * 86_400), Amount.FromUnits(i + 1).Nano);
        var first = new Reservation(WindowMs, entries.Total, 11) { Entries = entries };
        Assert.Equal(WriteOutcome.Ok, await Store.WriteAsync(key, 0, first, default));
        Assert.Equal(first, (await Store.ReadAsync(key, default)).Record);

        var fewer = entries.From(WindowMs + 86_400);
        var next = new Reservation(WindowMs + 5, fewer.Total, 22) { Entries = fewer };
        Assert.Equal(WriteOutcome.Conflict, await Store.WriteAsync(key, 12, next, default));
        Assert.Equal(WriteOutcome.Ok, await Store.WriteAsync(key, 11, next, default));
        Assert.Equal(next, (await Store.ReadAsync(key, default)).Record);

        var none = new Reservation(WindowMs + 6, 0, 33) { Entries = SlidingEntries.Empty };
        Assert.Equal(WriteOutcome.Ok, await Store.WriteAsync(key, 22, none, default));
        Assert.Equal(none, (await Store.ReadAsync(key, default)).Record);
        Assert.Equal(none, (await Store.WriteAsync(key, 22, next, default)).Met);
    }
}
