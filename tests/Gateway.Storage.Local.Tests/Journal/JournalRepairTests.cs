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
        var refused = Assert.Throws<JournalException>(() => Open(disk));
        Assert.DoesNotContain(": 0 bytes", refused.Message, StringComparison.Ordinal);

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

    [Fact]
    public async Task A_counter_of_a_kind_that_only_a_newer_version_knows_is_not_called_damage()
    {
        var disk = await Written();
        MakeUnknown(disk[JournalFile.Name], Key);

        var refused = Assert.Throws<JournalException>(() => Open(disk));

        Assert.Contains("a newer version wrote it", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("damaged", refused.Message, StringComparison.Ordinal);
        // Without it every window that had begun is refused, as after any loss.
        Assert.Equal(_time.NowMs, JournalRepair.Run(disk, _time.NowMs).BlindBeforeMs);
        await using var store = Open(disk);
        Assert.Equal(WriteOutcome.Finished, await store.WriteAsync(Key, 0, new(StartMs, 9, 9), default));
    }

    [Fact]
    public async Task A_counter_whose_name_was_damaged_is_no_newer_versions()
    {
        var disk = await Written();
        var bytes = disk[JournalFile.Name];
        bytes[IndexOf(bytes, Key.Text)] ^= 1;

        Assert.Contains(
            "damaged", Assert.Throws<JournalException>(() => Open(disk)).Message, StringComparison.Ordinal);
    }

    /// <summary>Gives a counter's name a kind that nobody has yet, in a frame that is whole.</summary>
    private static void MakeUnknown(List<byte> bytes, CounterKey key)
    {
        var at = IndexOf(bytes, key.Text) + key.Text.IndexOf(key.Kind.Name, StringComparison.Ordinal);
        bytes[at] = (byte)'q';
        var all = bytes.ToArray();
        for (var offset = JournalFormat.FileHeadLength; offset < all.Length;)
        {
            var payload = JournalFormat.ReadPayloadLength(all.AsSpan(offset), out var order);
            var frame = all.AsSpan(offset, JournalFormat.FrameHeadLength + payload);
            JournalFormat.WriteFrameHead(frame, order);
            offset += frame.Length;
        }

        for (var i = 0; i < all.Length; i++) bytes[i] = all[i];
    }

    private static int IndexOf(List<byte> bytes, string text) =>
        bytes.ToArray().AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text));

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
