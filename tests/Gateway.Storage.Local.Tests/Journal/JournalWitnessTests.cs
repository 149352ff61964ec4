namespace Gateway.Storage.Local.Tests.Journal;

/// <summary>A journal that was cut at the end of a frame looks whole; the file beside it knows better.</summary>
public sealed class JournalWitnessTests
{
    private const long StartMs = 1_772_366_400_000;
    private static readonly CounterKey Key = Asked.Key();
    private static readonly CounterKey Daily = Asked.Key("daily", "day");
    private readonly ManualTime _time = new("2026-03-01T12:00:10Z");
    private readonly MemoryDisk _disk = new();

    [Fact]
    public async Task Refuses_a_journal_that_was_cut_at_the_end_of_any_frame_after_an_orderly_end()
    {
        var ends = await WriteAsync(Key, 5);

        foreach (var end in ends.SkipLast(1))
        {
            var refusal = Assert.Throws<JournalException>(() => Open(Cut(_disk.AfterKill(), end)));
            Assert.Contains(
                $"has {end} intact bytes but had at least {ends[^1]}", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("--repair", refusal.Message, StringComparison.Ordinal);
        }

        await using var whole = Open(_disk.AfterKill());
        Assert.Equal(5, (await whole.ReadAsync(Key, default)).Record.Reserved);
    }

    [Fact]
    public async Task Refuses_it_after_a_kill_as_far_as_a_second_has_passed_since()
    {
        MemoryDisk killed;
        long said;
        await using (var store = Open(_disk))
        {
            await WriteAsync(store, Key, 0, 3);
            said = await SaidAsync(store);
            await WriteAsync(store, Key, 3, 2);
            killed = _disk.AfterKill();
        }

        await using (Open(Cut(killed.AfterKill(), said)))
        {
        }

        Assert.Throws<JournalException>(() => Open(Cut(killed.AfterKill(), said - 1)));
    }

    [Fact]
    public async Task Refuses_a_journal_that_is_gone_until_it_is_repaired_and_then_every_window_that_had_begun()
    {
        await WriteAsync(Daily, 3);
        var disk = _disk.Without(JournalFile.Name);

        var refusal = Assert.Throws<JournalException>(() => Open(disk));
        Assert.Contains("is gone", refusal.Message, StringComparison.Ordinal);
        var report = JournalRepair.Run(disk, _time.NowMs, "this boot");

        Assert.Contains("is gone", report.ToString(), StringComparison.Ordinal);
        await using var repaired = Open(disk);
        Assert.Equal(WriteOutcome.Finished, await repaired.WriteAsync(Daily, 0, new(StartMs, 1, 99), default));
    }

    [Fact]
    public async Task Repairs_a_cut_journal_by_refusing_every_window_that_had_begun()
    {
        var ends = await WriteAsync(Daily, 3);
        var disk = Cut(_disk.AfterKill(), ends[0]);

        var report = JournalRepair.Run(disk, _time.NowMs, "this boot");

        Assert.Equal(_time.NowMs, report.BlindBeforeMs);
        Assert.Contains($"had at least {ends[^1]}", report.ToString(), StringComparison.Ordinal);
        await using var repaired = Open(disk);
        var nonce = (await repaired.ReadAsync(Daily, default)).Record.Nonce;
        Assert.Equal(WriteOutcome.Finished, await repaired.WriteAsync(Daily, nonce, new(StartMs, 9, 99), default));
    }

    [Fact]
    public async Task Says_what_a_loss_of_power_may_have_taken_and_refuses_what_it_cannot()
    {
        MemoryDisk killed;
        long synced;
        await using (var store = Open(_disk))
        {
            await WriteAsync(store, Daily, 0, 2);
            synced = store.FileBytes;
            await WriteAsync(store, Key, 0, 3);
            await SaidAsync(store);
            killed = _disk.AfterKill();
        }

        await using (var other = Open(Cut(killed.AfterKill(), synced), "another boot"))
            Assert.Contains("a loss of power can cause that", other.Notice, StringComparison.Ordinal);
        Assert.Throws<JournalException>(() => Open(Cut(killed.AfterKill(), synced), "this boot"));
        Assert.Throws<JournalException>(() => Open(Cut(killed.AfterKill(), synced - 1), "another boot"));
    }

    [Fact]
    public async Task Continues_with_a_journal_rewritten_by_an_earlier_version_and_logs_it()
    {
        await WriteAsync(Key, 5);
        var old = new MemoryDisk();
        await using (var store = Open(old))
            await WriteAsync(store, Daily, 0, 1);
        // Written again at its start, as each version does.
        await using (Open(old))
        {
        }

        var disk = _disk.AfterKill();
        disk.Put(JournalFile.Name, old[JournalFile.Name]);

        await using var again = Open(disk);

        Assert.Contains("The journal is not the one that journal.length", again.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_a_length_that_is_damaged_and_takes_a_folder_without_one()
    {
        await WriteAsync(Key, 2);
        var damaged = _disk.AfterKill();
        damaged[JournalWitness.Name][^3] ^= 1;
        var refusal = Assert.Throws<JournalException>(() => Open(damaged));
        Assert.Contains("is damaged", refusal.Message, StringComparison.Ordinal);

        await using var without = Open(_disk.Without(JournalWitness.Name));
        Assert.Null(without.Notice);
        Assert.Equal(2, (await without.ReadAsync(Key, default)).Record.Reserved);
    }

    /// <summary>Writes so many records, one a frame, ends in good order, and says where the frames end.</summary>
    private async Task<List<long>> WriteAsync(CounterKey key, int records)
    {
        var ends = new List<long>();
        await using var store = Open(_disk);
        for (var i = 0; i < records; i++)
        {
            await WriteAsync(store, key, i, 1);
            ends.Add(store.FileBytes);
        }

        return ends;
    }

    /// <summary>The store's own timer says it within a second.</summary>
    private async Task<long> SaidAsync(JournalStore store)
    {
        var said = System.Text.Encoding.ASCII.GetBytes($"bytes {store.FileBytes} ");
        await Soon.UntilAsync(() => _disk.Said(JournalWitness.Name, said), "the length is said");
        return store.FileBytes;
    }

    private static async Task WriteAsync(JournalStore store, CounterKey key, int before, int records)
    {
        for (var i = before; i < before + records; i++)
        {
            var next = new Reservation(StartMs, i + 1, (UInt128)(uint)(i + 1));
            Assert.Equal(WriteOutcome.Ok, await store.WriteAsync(key, (UInt128)(uint)i, next, default));
        }
    }

    private static MemoryDisk Cut(MemoryDisk disk, long length)
    {
        var bytes = disk[JournalFile.Name];
        bytes.RemoveRange((int)length, bytes.Count - (int)length);
        return disk;
    }

    private JournalStore Open(MemoryDisk disk, string bootId = "this boot") =>
        new(disk, new JournalOptions { BootId = bootId }, _time, _time.NowMs);
}
