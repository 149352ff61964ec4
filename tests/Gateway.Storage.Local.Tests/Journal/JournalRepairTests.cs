namespace Gateway.Storage.Local.Tests.Journal;

public sealed class JournalRepairTests
{
    private const long StartMs = 1_772_366_400_000;
    private static readonly CounterKey Key = Asked.Key("a");
    private static readonly CounterKey Other = Asked.Key("b");
    private readonly ManualTime _time = new("2026-03-01T12:00:10Z");

    [Fact]
    public async Task A_sound_journal_is_left_as_it_is()
    {
        var disk = await Written();
        var before = disk[JournalFile.Name].ToArray();
        var report = JournalRepair.Run(disk, _time.NowMs);
        Assert.Null(report.BlindBeforeMs);
        Assert.Contains("sound", report.ToString(), StringComparison.Ordinal);
        Assert.Equal(before, disk[JournalFile.Name]);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public async Task What_is_whole_is_kept_and_windows_that_had_begun_are_refused(int damagedAt)
    {
        var disk = await Written();
        disk[JournalFile.Name][damagedAt] ^= 1;
        Assert.Throws<JournalException>(() => Open(disk));

        var report = JournalRepair.Run(disk, _time.NowMs);
        Assert.Equal(_time.NowMs, report.BlindBeforeMs);
        Assert.NotEmpty(disk[JournalRepair.DamagedName]);

        await using var store = Open(disk);
        var record = (await store.ReadAsync(Key, default)).Record;
        Assert.Equal(2, record.Reserved);
        Assert.Equal(WriteOutcome.Finished, await store.WriteAsync(Key, record.Nonce, new(StartMs, 9, 9), default));
        Assert.Equal(WriteOutcome.Finished, await store.WriteAsync(Asked.Key("c"), 0, new(StartMs, 9, 9), default));
        Assert.Equal(
            WriteOutcome.Ok, await store.WriteAsync(Key, record.Nonce, new(StartMs + 60_000, 9, 9), default));
    }

    private JournalStore Open(MemoryDisk disk) => new(disk, new JournalOptions(), _time, _time.NowMs);

    private async Task<MemoryDisk> Written()
    {
        var disk = new MemoryDisk();
        await using var store = Open(disk);
        await store.WriteAsync(Other, 0, new(StartMs, 1, 1), default);
        await store.WriteAsync(Key, 0, new(StartMs, 1, 2), default);
        await store.WriteAsync(Key, 2, new(StartMs, 2, 3), default);
        return disk;
    }
}
