namespace Gateway.Limits.Conformance;

/// <summary>What every reservation store must do: one durable, linearisable compare-and-swap, and a floor.</summary>
public abstract class ReservationStoreConformance
{
    private const long WindowMs = 1_772_366_400_000;
    private readonly CounterKey _key = Asked.Key("store");

    /// <summary>An empty store for this test.</summary>
    protected abstract IReservationStore Store { get; }

    /// <summary>Lets the store take the records of all windows that ended at this time or before.</summary>
    protected abstract Task ExpireAsync(long endMs);

    [Fact]
    public async Task Has_no_record_at_first()
    {
        Assert.Equal(ReadOutcome.Absent, (await Store.ReadAsync(_key, default)).Outcome);
    }

    [Fact]
    public async Task Keeps_what_was_written()
    {
        var record = new Reservation(WindowMs, Amount.FromUnits(999_999_999_999_999_999).Nano, UInt128.MaxValue);
        Assert.Equal(WriteOutcome.Ok, await Store.WriteAsync(_key, 0, record, default));
        var read = await Store.ReadAsync(_key, default);
        Assert.Equal(ReadOutcome.Found, read.Outcome);
        Assert.Equal(record, read.Record);
    }

    [Fact]
    public async Task Replaces_only_the_record_that_the_writer_saw()
    {
        await Store.WriteAsync(_key, 0, new Reservation(WindowMs, 1, 11), default);
        Assert.Equal(WriteOutcome.Conflict, await Store.WriteAsync(_key, 12, new(WindowMs, 2, 22), default));
        Assert.Equal(WriteOutcome.Conflict, await Store.WriteAsync(_key, 0, new(WindowMs, 2, 22), default));
        Assert.Equal(WriteOutcome.Ok, await Store.WriteAsync(_key, 11, new(WindowMs, 2, 22), default));
        Assert.Equal(WriteOutcome.Conflict, await Store.WriteAsync(_key, 11, new(WindowMs, 3, 33), default));
        Assert.Equal(2, (await Store.ReadAsync(_key, default)).Record.Reserved);
    }

    [Fact]
    public async Task A_conflict_brings_the_record_that_was_met()
    {
        var nobodys = await Store.WriteAsync(_key, 12, new(WindowMs, 2, 22), default);
        Assert.Equal((WriteOutcome.Conflict, default(Reservation)), (nobodys.Outcome, nobodys.Met));
        var first = new Reservation(WindowMs, 1, 11);
        Assert.Null((await Store.WriteAsync(_key, 0, first, default)).Met);
        var refused = await Store.WriteAsync(_key, 12, new(WindowMs, 2, 22), default);
        Assert.Equal((WriteOutcome.Conflict, first), (refused.Outcome, refused.Met));
        Assert.Equal(first, (await Store.WriteAsync(_key, 0, new(WindowMs, 2, 22), default)).Met);
    }

    [Fact]
    public async Task Of_many_first_writers_one_wins()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 16).Select(i => Task.Run(async () =>
            await Store.WriteAsync(_key, 0, new Reservation(WindowMs, i, (UInt128)i), default))));
        Assert.Equal(1, outcomes.Count(static outcome => outcome == WriteOutcome.Ok));
        Assert.Equal(15, outcomes.Count(static outcome => outcome == WriteOutcome.Conflict));
    }

    [Fact]
    public async Task Of_many_writers_on_one_record_one_wins()
    {
        await Store.WriteAsync(_key, 0, new Reservation(WindowMs, 0, 99), default);
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 16).Select(i => Task.Run(async () =>
            await Store.WriteAsync(_key, 99, new Reservation(WindowMs, i, (UInt128)i), default))));
        Assert.Equal(1, outcomes.Count(static outcome => outcome == WriteOutcome.Ok));
    }

    [Fact]
    public async Task A_finished_window_is_not_started_again_after_its_record_has_expired()
    {
        await Store.WriteAsync(_key, 0, new Reservation(WindowMs, 5, 11), default);
        await ExpireAsync(WindowMs + 60_000);
        Assert.Equal(ReadOutcome.Absent, (await Store.ReadAsync(_key, default)).Outcome);
        Assert.Equal(WriteOutcome.Finished, await Store.WriteAsync(_key, 0, new(WindowMs, 1, 22), default));
        Assert.Equal(WriteOutcome.Ok, await Store.WriteAsync(_key, 0, new(WindowMs + 60_000, 1, 22), default));
    }

    [Fact]
    public async Task Counters_do_not_share_a_record()
    {
        await Store.WriteAsync(_key, 0, new Reservation(WindowMs, 5, 11), default);
        var other = Asked.Key("store2");
        Assert.Equal(ReadOutcome.Absent, (await Store.ReadAsync(other, default)).Outcome);
        Assert.Equal(WriteOutcome.Ok, await Store.WriteAsync(other, 0, new(WindowMs, 6, 11), default));
        Assert.Equal(5, (await Store.ReadAsync(_key, default)).Record.Reserved);
    }
}
