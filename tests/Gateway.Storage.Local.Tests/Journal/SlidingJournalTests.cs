namespace Gateway.Storage.Local.Tests.Journal;

public sealed class SlidingJournalTests
{
    private const long StartMs = 1_772_366_400_000;
    private static readonly CounterKey Key = Asked.SlidingKey(window: "minute");

    [Fact]
    public async Task What_was_admitted_is_there_after_another_start()
    {
        var disk = new MemoryDisk();
        var record = Record(StartMs, 11, 3);
        await using (var store = Open(disk)) Assert.Equal(WriteOutcome.Ok, await Write(store, 0, record));
        await using (var again = Open(disk))
        {
            Assert.Equal(record, (await again.ReadAsync(Key, default)).Record);
            Assert.Equal(WriteOutcome.Ok, await Write(again, 11, Record(StartMs + 60, 22, 4)));
        }

        await using var last = Open(disk);
        Assert.Equal(Record(StartMs + 60, 22, 4), (await last.ReadAsync(Key, default)).Record);
    }

    [Fact]
    public async Task A_journal_of_the_first_format_is_read_and_written_on()
    {
        var disk = new MemoryDisk();
        await using (var store = Open(disk))
            await store.WriteAsync(Asked.Key(), 0, new Reservation(StartMs, 7, 11), default);
        var head = new byte[JournalFormat.FileHeadLength];
        JournalFormat.WriteFileHead(head, version: 1);
        for (var i = 0; i < head.Length; i++) disk[JournalFile.Name][i] = head[i];

        await using var again = Open(disk);
        Assert.Equal(7, (await again.ReadAsync(Asked.Key(), default)).Record.Reserved);
        Assert.Equal(WriteOutcome.Ok, await Write(again, 0, Record(StartMs, 11, 3)));
    }

    [Fact]
    public async Task After_another_run_of_the_machine_nothing_is_admitted_until_all_has_slid_out()
    {
        var disk = new MemoryDisk();
        await using (var store = Open(disk, "one")) await Write(store, 0, Record(StartMs, 11, 3));
        await using var again = Open(disk, "two", StartMs + 1000);
        var endMs = StartMs + 1000 + (Key.RecordEndMs(StartMs) - StartMs) + 120;
        for (var nowMs = StartMs + 1000; nowMs < endMs - 240; nowMs += 100)
            Assert.Equal(WriteOutcome.Finished, await Write(again, 11, Record(nowMs, 22, 1)));
        Assert.Equal(WriteOutcome.Ok, await Write(again, 11, Record(endMs, 22, 1)));
    }

    [Fact]
    public async Task Many_large_records_do_not_make_the_journal_rewrite_itself_with_every_write()
    {
        var disk = new MemoryDisk();
        await using var store = Open(disk);
        var entries = SlidingEntries.Empty;
        for (var i = 0; i < 1000; i++) entries = entries.With(StartMs + (60 * i), Amount.FromUnits(i + 1).Nano);
        UInt128 nonce = 0;
        for (var i = 1; i <= 60; i++)
        {
            var next = new Reservation(StartMs + i, entries.Total, (UInt128)i) { Entries = entries };
            Assert.Equal(WriteOutcome.Ok, await Write(store, nonce, next));
            nonce = (UInt128)i;
        }

        // Each write is the whole record; it is compacted when the file has four times its length, and not before.
        var bytes = entries.ToBytes().Length;
        Assert.InRange(store.FileBytes, bytes, 7 * bytes);
    }

    private static Reservation Record(long atMs, UInt128 nonce, int calls)
    {
        var entries = SlidingEntries.Empty;
        for (var i = 0; i < calls; i++) entries = entries.With(StartMs + (60 * i), Amount.One.Nano);
        return new Reservation(atMs, entries.Total, nonce) { Entries = entries };
    }

    private static JournalStore Open(MemoryDisk disk, string boot = "one", long nowMs = StartMs) =>
        new(disk, new JournalOptions { BootId = boot, CompactFromBytes = 4096 }, TimeProvider.System, nowMs);

    private static ValueTask<ReservationWrite> Write(JournalStore store, UInt128 expected, Reservation next) =>
        store.WriteAsync(Key, expected, next, CancellationToken.None);
}
