using System.Runtime.InteropServices;
using Gateway.Control.Options;
using Gateway.Limits.Model;

namespace Gateway.Storage.Local.Journal;

/// <summary>
/// Reservations in a local append-only journal with an index in memory. One thread writes: everything queued while the
/// last batch was written goes into the next one (group commit), and at most one batch is outstanding. After any
/// failure nothing more is appended to that file, and everything is denied until the journal has been read and
/// rewritten.
/// </summary>
internal sealed class JournalStore : IReservationStore, IAsyncDisposable
{
    private const int RecoverEveryMs = 1000;

    /// <summary>
    /// Approximate bytes of one counter in a new file. A rewrite stops appends, so it must save enough.
    /// </summary>
    private const long EntryBytes = 128;

    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(1);

    private readonly JournalFile _file;
    private readonly JournalWitness _witness;
    private readonly ITimer _sayLength;
    private readonly JournalOptions _options;
    private readonly TimeProvider _time;
    private readonly JournalBatch _batch = new();
    private readonly object _queueLock = new();
    private readonly Lock _stateLock = new();
    private readonly Thread _thread;
    private List<JournalTask> _queue = [];
    private JournalState _state;
    private volatile string? _fault;
    private volatile bool _isStopping;
    private long _failedAt;
    private long _compactAtBytes;

    /// <summary>The new file that will replace the current one; null while none is being written.</summary>
    private JournalCopy? _copy;

    /// <summary>The row from which to continue removing finished counters.</summary>
    private int _endedRow = int.MaxValue;

    /// <summary>Reads and rewrites the journal, and starts the thread.</summary>
    /// <exception cref="JournalException">The journal is corrupt or of a newer format.</exception>
    /// <exception cref="IOException">The disk reported an error.</exception>
    public JournalStore(IJournalDisk disk, JournalOptions options, TimeProvider time, long nowMs)
    {
        new JournalOptionsValidator().Validate(null, options).OrThrow();
        _witness = new JournalWitness(disk, options.BootId);
        _file = new JournalFile(disk, _witness);
        _options = options;
        _time = time;
        _state = Open(nowMs);
        _thread = new Thread(Run) { IsBackground = true, Name = "limits journal" };
        _thread.Start();
        // On another thread, so that no call waits for it.
        _sayLength = time.CreateTimer(static witness => ((JournalWitness)witness!).Say(), _witness, SayEvery, SayEvery);
    }

    /// <inheritdoc/>
    public bool HasSoleOwner => true;

    /// <summary>Reason why nothing can be written; null while writes succeed.</summary>
    public string? Fault => _fault;

    /// <summary>
    /// Description of data that was missing at the start and that a loss of power explains; null if there is none.
    /// </summary>
    public string? Notice => _witness.Notice;

    /// <summary>Length of the journal in bytes.</summary>
    public long FileBytes => _file.Length;

    public int Count
    {
        get
        {
            lock (_stateLock) return _state.Entries.Count;
        }
    }

    /// <inheritdoc/>
    public ValueTask<ReservationRead> ReadAsync(CounterKey key, CancellationToken cancellationToken)
    {
        if (_fault is not null || _isStopping) return ValueTask.FromResult(ReservationRead.Unavailable);
        lock (_stateLock)
        {
            return ValueTask.FromResult(_state.Entries.TryGetValue(key, out var record)
                ? ReservationRead.Found(record)
                : ReservationRead.Absent with { ClosedBeforeMs = _state.ClosedBeforeMs(key) });
        }
    }

    /// <inheritdoc/>
    public ValueTask<ReservationWrite> WriteAsync(
        CounterKey key, UInt128 expectedNonce, Reservation next, CancellationToken cancellationToken) =>
        Enqueue(new JournalTask(key, expectedNonce, next));

    /// <summary>Raises the floor and removes every counter whose window ended at or before it.</summary>
    public ValueTask<ReservationWrite> RaiseFloorAsync(long floorMs) =>
        Enqueue(new JournalTask(null, 0, default, floorMs));

    /// <summary>Writes the queue, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        bool isFirst;
        lock (_queueLock)
        {
            isFirst = !_isStopping;
            _isStopping = true;
            Monitor.Pulse(_queueLock);
        }

        await Task.Run(_thread.Join);
        if (!isFirst)
            return;
        await _sayLength.DisposeAsync();
        SayAtTheEnd();
        _file.Dispose();
    }

    private void SayAtTheEnd()
    {
        // A second call finds the file closed.
        if (_fault is not null || !_file.IsOpen) return;
        try
        {
            _file.Sync();
            _witness.Say();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The recorded length is a lower bound, so it stays true.
        }
    }

    private ValueTask<ReservationWrite> Enqueue(JournalTask task)
    {
        lock (_queueLock)
        {
            if (_isStopping) return ValueTask.FromResult(ReservationWrite.Unknown);
            _queue.Add(task);
            if (_queue.Count == 1) Monitor.Pulse(_queueLock);
        }

        return new ValueTask<ReservationWrite>(task.Task);
    }

    private JournalState Open(long nowMs)
    {
        var state = _file.Read() ?? new JournalState { BootId = _options.BootId, ShortBlindMs = long.MinValue };
        state.NoteBoot(_options.BootId, nowMs);
        if (state.BootId == JournalState.RestoredBootId)
            state.QuarantineMs = Math.Max(state.QuarantineMs, RestoredUntilMs(nowMs));
        state.BootId = _options.BootId;
        state.IsSynced = _options.Durability == Durability.Machine;
        return _file.TryRewrite(state, out var failure) ? state : throw failure!;
    }

    /// <summary>
    /// Returns the time until which windows of a restored journal stay closed. This process's clock may lag if it is
    /// not trusted, and the machine's may then be right. The previous gateway may have been ahead by two tolerances.
    /// </summary>
    private long RestoredUntilMs(long nowMs) =>
        Math.Max(nowMs, _time.GetUtcNow().ToUnixTimeMilliseconds()) + (2 * ClockBounds.EpsilonMs);

    private bool HasMoreToDo => _copy is { IsSyncing: false } || _endedRow != int.MaxValue;

    private void Run()
    {
        var tasks = new List<JournalTask>();
        while (TryTake(ref tasks))
        {
            if (_fault is not null) TryRecover();
            if (_fault is null) Write(tasks);
            foreach (var task in tasks) task.TrySetResult(ReservationWrite.Unknown);
            tasks.Clear();
            if (_fault is null) GoOn();
        }

        GiveUpCopy();
    }

    /// <summary>
    /// Waits for tasks unless background work remains; during a fault it waits at most one second. Returns false once
    /// stopped and empty.
    /// </summary>
    private bool TryTake(ref List<JournalTask> tasks)
    {
        lock (_queueLock)
        {
            while (_queue.Count == 0)
            {
                if (_isStopping) return false;
                if (_fault is null && HasMoreToDo) break;
                if (!Monitor.Wait(_queueLock, _fault is null ? Timeout.Infinite : RecoverEveryMs)) break;
            }

            (tasks, _queue) = (_queue, tasks);
            return true;
        }
    }

    private void Write(List<JournalTask> tasks)
    {
        for (var start = 0; start < tasks.Count && _fault is null;)
        {
            var end = start;
            try
            {
                lock (_stateLock)
                {
                    for (; end < tasks.Count && !_batch.IsFull; end++) Apply(tasks[end]);
                }

                WriteBatch(CollectionsMarshal.AsSpan(tasks)[start..end]);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                Fail(failure);
            }

            start = end;
        }
    }

    /// <summary>
    /// Appends and syncs as required, and completes each task as soon as it is as durable as it must be.
    /// </summary>
    private void WriteBatch(ReadOnlySpan<JournalTask> tasks)
    {
        var isSynced = _options.Durability == Durability.Machine;
        if (!_batch.IsEmpty) _file.Append(_batch);
        foreach (var task in tasks)
        {
            if (!isSynced && !task.IsLong) task.TrySetResult(task.Outcome);
        }

        var isSyncNeeded = false;
        foreach (var task in tasks) isSyncNeeded |= (isSynced || task.IsLong) && task.Outcome == ReservationWrite.Ok;
        if (isSyncNeeded) _file.Sync();
        foreach (var task in tasks) task.TrySetResult(task.Outcome);
    }

    private void Apply(JournalTask task)
    {
        if (task.FloorMs > _state.FloorMs)
        {
            _state.FloorMs = task.FloorMs;
            _batch.AddFloor(task.FloorMs);
            _copy?.NoteFloor();
        }

        task.Outcome = task.Key is null ? Evict() : Swap(task.Key, task);
    }

    private ReservationWrite Swap(CounterKey key, JournalTask task)
    {
        var row = _state.Entries.Find(key);
        var present = row < 0 ? default : _state.Entries.RecordAt(row);
        if (present.Nonce != task.ExpectedNonce) return ReservationWrite.ConflictWith(present);
        var next = task.Next;
        if (_state.IsFinished(key, next)) return ReservationWrite.FinishedBefore(_state.ClosedBeforeMs(key));
        if (row < 0 && !_state.Entries.HasRoom(key, _options.Bounds)) return ReservationWrite.Full;
        if (row < 0) row = _state.Entries.Add(key, next);
        else _state.Entries.Set(row, next);
        _batch.AddCounter(_state.Entries, row, isNamed: !_state.Entries.TryMark(row, _file.Mark));
        _copy?.Note(row);
        return ReservationWrite.Ok;
    }

    private ReservationWrite Evict()
    {
        _endedRow = 0;
        EvictSome_NeedsLock();
        return ReservationWrite.Ok;
    }

    private void EvictSome_NeedsLock()
    {
        _endedRow = _state.Entries.RemoveEnded(_endedRow, _options.RowsAtOnce, _state.FloorMs);
        if (_endedRow >= _state.Entries.End) _endedRow = int.MaxValue;
    }

    /// <summary>Runs one step of the work beside appends; steps are short, so that no call waits long.</summary>
    private void GoOn()
    {
        if (_endedRow != int.MaxValue)
        {
            lock (_stateLock) EvictSome_NeedsLock();
        }

        if (_copy is null && !HasGrown()) return;
        try
        {
            _copy ??= _file.BeginCopy(_state, _options);
            if (!_copy.GoOn(OnTimer)) return;
            _file.Announce(_copy);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A disk too full for a second file may still accept appends: continue, and retry when the file has
            // doubled.
            GiveUpCopy();
            _compactAtBytes = 2 * _file.Length;
            return;
        }

        try
        {
            _file.Replace(_copy);
            (_copy, _compactAtBytes) = (null, 0);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Fail(failure);
        }
    }

    private void GiveUpCopy()
    {
        _copy?.Dispose();
        _copy = null;
    }

    private void OnTimer()
    {
        lock (_queueLock) Monitor.Pulse(_queueLock);
    }

    private bool HasGrown()
    {
        if (_file.Length < Math.Max(_options.CompactFromBytes, _compactAtBytes)) return false;
        var needed = Math.Max(EntryBytes * _state.Entries.Count, _file.RewrittenLength);
        return _file.Length >= _options.GrowthMax * needed;
    }

    /// <summary>Records a failure: no more appends to this file, and the outcome of every task is unknown.</summary>
    private void Fail(Exception failure)
    {
        _batch.Clear();
        GiveUpCopy();
        _file.Close();
        _failedAt = _time.GetTimestamp();
        _fault = $"the journal cannot be written ({failure.Message})";
    }

    /// <summary>Reads the disk again, as after a restart, and writes its contents to a new file.</summary>
    private void TryRecover()
    {
        if (_time.GetElapsedTime(_failedAt).TotalMilliseconds < RecoverEveryMs) return;
        try
        {
            var state = _file.Read() ?? throw new IOException("the journal is gone");
            lock (_stateLock)
            {
                if (!_file.TryRewrite(state, out var failure)) throw failure!;
                (_state, _endedRow) = (state, int.MaxValue);
            }

            _fault = null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Fail(failure);
        }
    }
}
