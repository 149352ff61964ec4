using Gateway.Orleans.Storage;

namespace Gateway.Orleans.Tests.Storage;

/// <summary>What reservations in a grain storage that compares entity tags must do, whatever storage that is.</summary>
internal sealed class GrainStorageReservationsKit(IGrainStorage storage)
{
    private readonly ManualTime _time = new("2026-03-02T10:00:00Z");

    public static async Task RunAsync(IGrainStorage storage)
    {
        var kit = new GrainStorageReservationsKit(storage);
        await kit.ReadsBackWhatWasWrittenAsync();
        await kit.ReadsBackTheEntriesOfASlidingLimitAsync();
        await kit.OneOfTwoFirstWritersWinsAsync();
        await kit.AnOvertakenOwnerNeverWritesOverTheOtherAsync();
        await kit.KeepsARecordForTenMinutesAfterItsWindowAsync();
    }

    public async Task ReadsBackWhatWasWrittenAsync()
    {
        Assert.Equal(ReadOutcome.Absent, (await Owner().ReadAsync(Key("a"), default)).Outcome);
        var most = Amount.FromUnits(999_999_999_999_999_999).Nano;
        var record = new Reservation(1_772_445_600_000, most, UInt128.MaxValue);

        Assert.Equal(WriteOutcome.Ok, await Owner().WriteAsync(Key("a"), 0, record, default));

        Assert.Equal(record, (await Owner().ReadAsync(Key("a"), default)).Record);
    }

    public async Task ReadsBackTheEntriesOfASlidingLimitAsync()
    {
        var (owner, key) = (Owner(), Asked.SlidingKey("slides", "day"));
        var entries = SlidingEntries.Empty;
        for (var i = 0; i < 1100; i++)
            entries = entries.With(1_772_445_600_000 + (i * 86_400), Amount.FromUnits(i + 1).Nano);
        var record = new Reservation(1_772_445_600_000, entries.Total, 11) { Entries = entries };
        Assert.Equal(WriteOutcome.Ok, await owner.WriteAsync(key, 0, record, default));
        Assert.Equal(record, (await Owner().ReadAsync(key, default)).Record);

        var none = new Reservation(1_772_445_600_001, 0, 22) { Entries = SlidingEntries.Empty };
        Assert.Equal(WriteOutcome.Ok, await owner.WriteAsync(key, 11, none, default));
        Assert.Equal(none, (await Owner().ReadAsync(key, default)).Record);
    }

    /// <summary>The one that lost does not know it: its client might have sent the same write twice.</summary>
    public async Task OneOfTwoFirstWritersWinsAsync()
    {
        var (one, other) = (Owner(), Owner());
        var (mine, yours) = (Key("b"), Key("b"));
        await one.ReadAsync(mine, default);
        await other.ReadAsync(yours, default);

        Assert.Equal(WriteOutcome.Ok, await one.WriteAsync(mine, 0, Record(1, 5), default));
        Assert.Equal(WriteOutcome.Unknown, await other.WriteAsync(yours, 0, Record(2, 9), default));

        Assert.Equal(Record(1, 5), (await other.ReadAsync(yours, default)).Record);
    }

    public async Task AnOvertakenOwnerNeverWritesOverTheOtherAsync()
    {
        var (one, other) = (Owner(), Owner());
        var (mine, yours) = (Key("c"), Key("c"));
        await one.WriteAsync(mine, 0, Record(1, 5), default);
        await other.ReadAsync(yours, default);
        await one.WriteAsync(mine, 1, Record(2, 9), default);

        Assert.Equal(WriteOutcome.Unknown, await other.WriteAsync(yours, 1, Record(3, 7), default));
        Assert.Equal(WriteOutcome.Conflict, await other.WriteAsync(yours, 1, Record(4, 7), default));

        Assert.Equal(Record(2, 9), (await one.ReadAsync(mine, default)).Record);
    }

    public async Task KeepsARecordForTenMinutesAfterItsWindowAsync()
    {
        var (owner, key) = (Owner(), Key("e"));
        var startMs = key.Window.StartMs(_time.NowMs);
        await owner.WriteAsync(key, 0, new Reservation(startMs, 5, 1), default);

        _time.Advance(60_000 + 599_000);
        await owner.ExpireAsync(key, default);
        Assert.Equal(ReadOutcome.Found, (await owner.ReadAsync(key, default)).Outcome);
        _time.Advance(1_000);
        await owner.ExpireAsync(key, default);

        Assert.Equal(ReadOutcome.Absent, (await owner.ReadAsync(key, default)).Outcome);
        Assert.Equal(WriteOutcome.Ok, await owner.WriteAsync(key, 0, Record(6, 1), default));
    }

    private GrainStorageReservations Owner() =>
        new(storage, _time, NullLogger<GrainStorageReservations>.Instance);

    /// <summary>A new key object each time: an owner's memory of entity tags hangs on its own.</summary>
    private static CounterKey Key(string counter) => Asked.Key(counter);

    private static Reservation Record(int nonce, int reserved) => new(1_772_445_600_000, reserved, (UInt128)nonce);
}
