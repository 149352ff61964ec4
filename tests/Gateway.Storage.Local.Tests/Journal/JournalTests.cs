namespace Gateway.Storage.Local.Tests.Journal;

public sealed class JournalTests
{
    private const long StartMs = 1_772_366_400_000;
    private static readonly CounterKey Key = Asked.Key();
    private static readonly CounterKey Daily = Asked.Key("daily", "day");
    private readonly ManualTime _time = new("2026-03-01T12:00:10Z");

    /// <summary>Whether a new file is written a counter at a time and synced by another thread.</summary>
    private bool _isSlow;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task At_whatever_step_the_process_is_killed_nothing_that_was_answered_is_lost(bool isSlow)
    {
        _isSlow = isSlow;
        var steps = await StepsOf(Durability.Process);
        for (var end = 1L; end <= steps; end++) await EndsAt(end, Durability.Process, static disk => disk.AfterKill());
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(7, false)]
    [InlineData(1000, false)]
    [InlineData(7, true)]
    public async Task At_whatever_step_the_power_fails_nothing_that_was_answered_is_lost(int unsyncedKept, bool isSlow)
    {
        _isSlow = isSlow;
        var steps = await StepsOf(Durability.Machine);
        for (var end = 1L; end <= steps; end++)
            await EndsAt(end, Durability.Machine, disk => disk.AfterPowerLoss(unsyncedKept));
    }

    [Fact]
    public async Task A_torn_last_record_is_cut()
    {
        var disk = new MemoryDisk();
        await using (var store = Open(disk))
        {
            await Write(store, Key, 0, 1, 11);
            await Write(store, Key, 11, 2, 22);
            disk = disk.AfterKill();
        }

        disk[JournalFile.Name].RemoveAt(disk[JournalFile.Name].Count - 1);
        await using var again = Open(disk);
        Assert.Equal(1, (await again.ReadAsync(Key, default)).Record.Reserved);
        await Write(again, Key, 11, 3, 33);
    }

    [Fact]
    public async Task A_bad_record_before_good_ones_refuses_to_start()
    {
        var disk = new MemoryDisk();
        await using (var store = Open(disk))
        {
            await Write(store, Key, 0, 1, 11);
            await Write(store, Key, 11, 2, 22);
        }

        var whole = disk[JournalFile.Name].ToArray();
        for (var at = JournalFormat.FileHeadLength; at < whole.Length - 70; at += 3)
        {
            disk[JournalFile.Name][at] ^= 0x40;
            var refused = Assert.Throws<JournalException>(() => Open(disk));
            Assert.Contains("--repair", refused.Message, StringComparison.Ordinal);
            disk[JournalFile.Name][at] ^= 0x40;
        }
    }

    [Fact]
    public async Task A_missing_record_between_good_ones_refuses_to_start()
    {
        var disk = new MemoryDisk();
        int before;
        int after;
        await using (var store = Open(disk))
        {
            before = disk[JournalFile.Name].Count;
            await Write(store, Key, 0, 1, 11);
            after = disk[JournalFile.Name].Count;
            await Write(store, Daily, 0, 2, 22);
        }

        disk[JournalFile.Name].RemoveRange(before, after - before);
        Assert.Throws<JournalException>(() => Open(disk));
    }

    [Fact]
    public async Task A_journal_of_a_newer_format_is_refused()
    {
        var disk = new MemoryDisk();
        await Open(disk).DisposeAsync();
        disk[JournalFile.Name][8]++;
        Assert.Throws<JournalException>(() => Open(disk));
    }

    [Fact]
    public async Task A_full_disk_denies_and_recovers()
    {
        var disk = new MemoryDisk();
        await using var store = Open(disk);
        await Write(store, Key, 0, 1, 11);
        disk.RoomBytes = 20;
        Assert.Equal(WriteOutcome.Unknown, await store.WriteAsync(Key, 11, new(StartMs, 2, 22), default));
        Assert.NotNull(store.Fault);
        Assert.Equal(ReadOutcome.Unavailable, (await store.ReadAsync(Key, default)).Outcome);
        Assert.Equal(WriteOutcome.Unknown, await store.WriteAsync(Key, 11, new(StartMs, 3, 33), default));

        disk.RoomBytes = long.MaxValue;
        _time.Advance(2000);
        Assert.Equal(WriteOutcome.Ok, await store.WriteAsync(Key, 11, new(StartMs, 4, 44), default));
        Assert.Null(store.Fault);
        await using var again = Open(disk.AfterPowerLoss());
        Assert.True((await again.ReadAsync(Key, default)).Record.Reserved >= 1);
    }

    [Fact]
    public async Task A_failed_sync_is_an_unknown_write_and_nothing_more_is_appended()
    {
        var disk = new MemoryDisk();
        await using var store = Open(disk, Durability.Machine);
        await Write(store, Key, 0, 1, 11);
        disk.FailsToSync = true;
        Assert.Equal(WriteOutcome.Unknown, await store.WriteAsync(Key, 11, new(StartMs, 2, 22), default));
        var length = disk[JournalFile.Name].Count;
        Assert.Equal(WriteOutcome.Unknown, await store.WriteAsync(Key, 11, new(StartMs, 3, 33), default));
        Assert.Equal(length, disk[JournalFile.Name].Count);
        disk.FailsToSync = false;
        _time.Advance(2000);

        // What was appended before the failed sync is read again: it is there, and the caller sees its own nonce.
        Assert.Equal(WriteOutcome.Conflict, await store.WriteAsync(Key, 11, new(StartMs, 4, 44), default));
        Assert.Equal(22, (int)(await store.ReadAsync(Key, default)).Record.Nonce);
    }

    [Fact]
    public async Task Windows_of_an_hour_are_synced_in_either_mode()
    {
        var disk = new MemoryDisk();
        await using var store = Open(disk);
        await Write(store, Daily, 0, 5, 11);
        await using var again = Open(disk.AfterPowerLoss());
        Assert.Equal(5, (await again.ReadAsync(Daily, default)).Record.Reserved);
    }

    [Fact]
    public async Task After_a_reboot_short_windows_that_began_before_it_are_finished()
    {
        var disk = new MemoryDisk();
        await using (var store = Open(disk)) await Write(store, Key, 0, 5, 11);
        await using var again = Open(disk.AfterKill(), bootId: "another boot");
        Assert.Equal(WriteOutcome.Finished, await again.WriteAsync(Key, 11, new(StartMs, 6, 22), default));
        Assert.Equal(WriteOutcome.Finished, await again.WriteAsync(Asked.Key("new"), 0, new(StartMs, 6, 22), default));
        Assert.Equal(WriteOutcome.Ok, await again.WriteAsync(Key, 11, new(StartMs + 60_000, 6, 22), default));
        Assert.Equal(WriteOutcome.Ok, await again.WriteAsync(Daily, 0, new(StartMs - 43_200_000, 6, 22), default));
    }

    [Fact]
    public async Task After_a_reboot_everything_counts_on_that_was_synced()
    {
        var disk = new MemoryDisk();
        await using (var store = Open(disk, Durability.Machine)) await Write(store, Key, 0, 5, 11);
        await using var again = Open(disk.AfterPowerLoss(), Durability.Machine, "another boot");
        Assert.Equal(WriteOutcome.Ok, await again.WriteAsync(Key, 11, new(StartMs, 6, 22), default));
    }

    [Fact]
    public async Task A_file_that_has_grown_is_rewritten_and_counters_that_are_over_are_let_go()
    {
        var disk = new MemoryDisk();
        await using var store = Open(disk, compactFromBytes: 2000);
        UInt128 nonce = 0;
        for (var i = 1; i <= 200; i++) await Write(store, Key, nonce, i, nonce = (UInt128)i);
        Assert.InRange(store.FileBytes, 1, 2100);
        Assert.Equal(WriteOutcome.Ok, await store.RaiseFloorAsync(StartMs + 60_000));
        Assert.Equal(0, store.Count);
        Assert.Equal(WriteOutcome.Finished, await store.WriteAsync(Key, 0, new(StartMs, 1, 999), default));
    }

    [Fact]
    public async Task At_the_bound_a_new_counter_is_refused_and_none_is_forgotten()
    {
        await using var store = Open(new MemoryDisk(), countersMax: 1);
        await Write(store, Key, 0, 1, 11);
        Assert.Equal(WriteOutcome.Full, await store.WriteAsync(Daily, 0, new(StartMs, 1, 22), default));
        await Write(store, Key, 11, 2, 33);
    }

    private async Task<long> StepsOf(Durability durability)
    {
        var disk = new MemoryDisk();
        await Work(disk, durability, []);
        return disk.Steps;
    }

    /// <summary>Works until the disk ends, and looks whether every answered write is there afterwards.</summary>
    private async Task EndsAt(long end, Durability durability, Func<MemoryDisk, MemoryDisk> after)
    {
        var disk = new MemoryDisk { StepsLeft = end };
        var answered = new Dictionary<CounterKey, int>();
        try
        {
            await Work(disk, durability, answered);
        }
        catch (IOException)
        {
            // The machine ended while the journal was being made.
        }

        await using var store = Open(after(disk), durability);
        foreach (var (key, reserved) in answered)
            Assert.True((await store.ReadAsync(key, default)).Record.Reserved >= reserved, $"{key} lost at step {end}");
    }

    private async Task Work(MemoryDisk disk, Durability durability, Dictionary<CounterKey, int> answered)
    {
        await using var store = Open(disk, durability, compactFromBytes: 300);
        foreach (var key in new[] { Key, Daily })
        {
            UInt128 nonce = 0;
            for (var i = 1; i <= 6; i++)
            {
                var outcome = await store.WriteAsync(key, nonce, new(StartMs, i, nonce + 1), default);
                if (outcome != WriteOutcome.Ok) return;
                nonce++;
                answered[key] = i;
            }
        }
    }

    private JournalStore Open(
        MemoryDisk disk,
        Durability durability = Durability.Process,
        string bootId = "this boot",
        long compactFromBytes = 1_000_000,
        int countersMax = 1000)
    {
        var options = new JournalOptions
        {
            Durability = durability,
            BootId = bootId,
            CompactFromBytes = compactFromBytes,
            Bounds = new CounterBounds { CountersMax = countersMax },
            RowsAtOnce = _isSlow ? 1 : 4096,
            SyncAsideFromBytes = _isSlow ? 0 : 1_000_000,
        };
        return new JournalStore(disk, options, _time, _time.NowMs);
    }

    private static async Task Write(
        JournalStore store, CounterKey key, UInt128 expected, int reserved, UInt128 nonce) =>
        Assert.Equal(WriteOutcome.Ok, await store.WriteAsync(key, expected, new(StartMs, reserved, nonce), default));
}
