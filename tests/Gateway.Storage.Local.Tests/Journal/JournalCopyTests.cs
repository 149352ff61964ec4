namespace Gateway.Storage.Local.Tests.Journal;

/// <summary>A new file of the journal says what the old one says, whatever changes while it is written.</summary>
public sealed class JournalCopyTests
{
    private static readonly JournalOptions Slowly = new() { RowsAtOnce = 3, SyncAsideFromBytes = long.MaxValue };

    private readonly MemoryDisk _disk = new();
    private readonly JournalState _state = new() { BootId = "this boot" };

    [Fact]
    public void Holds_what_changed_while_it_was_written()
    {
        for (var round = 0; round < 4; round++)
        {
            using var file = new JournalFile(_disk);
            Assert.True(file.TryRewrite(_state, out _));
            for (var i = 0; i < 10; i++) _state.Entries[Named(i)] = new Reservation(60_000, i, 7);
            var copy = file.BeginCopy(_state, Slowly);
            Assert.False(copy.GoOn(Nothing));
            foreach (var i in new[] { 0, 2, 3, 9, 0 }) Change(copy, Named(i), round);
            _state.Entries.RemoveEnded(_state.Entries.Find(Named(1)), rowsMax: 1, long.MaxValue);
            Change(copy, Asked.Key("new" + round), round);
            _state.FloorMs = round;
            copy.NoteFloor();
            while (!copy.GoOn(Nothing)) Change(copy, Named(5), round);
            file.Replace(copy);

            // Nothing is lost between the two, and what comes after stands on its own.
            Change(file, Named(8), round);
            var read = new JournalFile(_disk.AfterKill()).Read()!;
            Assert.Equal(_state.FloorMs, read.FloorMs);
            Assert.All(_state.Entries, one => Assert.Equal(one.Value, read.Entries[one.Key]));

            // What is deleted stays in a file until the next; its window is over by the floor.
            Assert.Empty(read.Entries.Select(static one => one.Key).Except(Keys()).Except([Named(1)]));
        }
    }

    [Fact]
    public void Leaves_the_file_in_use_alone_when_the_disk_is_full()
    {
        using var file = new JournalFile(_disk);
        _state.Entries[Named(1)] = new Reservation(60_000, 1, 7);
        Assert.True(file.TryRewrite(_state, out _));
        var copy = file.BeginCopy(_state, Slowly);
        _disk.RoomBytes = 10;
        Assert.Throws<IOException>(() => copy.GoOn(Nothing));
        _disk.RoomBytes = long.MaxValue;
        copy.Dispose();
        Change(file, Named(1), 5);

        // The next one is begun as if there had been none, though counters carry its mark already.
        copy = file.BeginCopy(_state, Slowly);
        Assert.True(copy.GoOn(Nothing));
        file.Replace(copy);
        Assert.Equal(_state.Entries, file.Read()!.Entries);
    }

    [Fact]
    public async Task Is_synced_by_another_thread_before_it_takes_the_place_of_the_other()
    {
        using var file = new JournalFile(_disk);
        _state.Entries[Named(1)] = new Reservation(60_000, 1, 7);
        Assert.True(file.TryRewrite(_state, out _));
        var copy = file.BeginCopy(_state, Slowly with { SyncAsideFromBytes = 0 });
        var synced = new TaskCompletionSource();
        Assert.False(copy.GoOn(synced.SetResult));
        await synced.Task;
        Assert.False(copy.IsSyncing);
        Assert.True(copy.GoOn(Nothing));
        file.Replace(copy);
        Assert.Equal(_state.Entries, new JournalFile(_disk.AfterPowerLoss()).Read()!.Entries);
    }

    private static CounterKey Named(int i) => Asked.Key("c" + i);

    private IEnumerable<CounterKey> Keys() => _state.Entries.Select(static one => one.Key);

    private static void Nothing()
    {
    }

    private int Change(CounterKey key, int to)
    {
        var row = _state.Entries.Find(key);
        if (row < 0) row = _state.Entries.Add(key, default);
        _state.Entries.Set(row, new Reservation(60_000, 100 + to, (UInt128)to + 8));
        return row;
    }

    private void Change(JournalCopy copy, CounterKey key, int to) => copy.Note(Change(key, to));

    private void Change(JournalFile file, CounterKey key, int to)
    {
        var batch = new JournalBatch();
        var row = Change(key, to);
        batch.AddCounter(_state.Entries, row, isNamed: !_state.Entries.TryMark(row, file.Mark));
        file.Append(batch);
    }
}
