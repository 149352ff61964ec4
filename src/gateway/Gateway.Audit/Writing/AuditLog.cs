using Gateway.Audit.Evidence;
using Gateway.Audit.Files;
using Gateway.Audit.Shipping;
using Gateway.Audit.Sinks;
using Microsoft.Extensions.Logging;

namespace Gateway.Audit.Writing;

/// <summary>
/// The record of every decision and its outcome, as JSON Lines. One thread at a time has the writer's role: a caller
/// that finds it free writes its line itself, with all that waits; else, and where a write may take long, the log's own
/// thread does, all that wait in one write.
/// </summary>
public sealed partial class AuditLog : IDisposable
{
    // A line that nobody waits for goes with the next one that somebody does, or after this. Waking the writer for each
    // call's outcome too cost a tenth of the whole process's CPU time.
    private static readonly TimeSpan BatchWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(1);
    private readonly object _gate = new();
    private readonly AuditFile _file;
    private readonly AuditBatch _batch;
    private readonly SemaphoreSlim _room;
    private readonly TimeSpan _wait;
    private readonly ILogger<AuditLog> _logger;
    private readonly Thread _writer;
    private readonly Timer _linger;
    private readonly Timer _probe;
    private readonly TimeProvider _time;
    private readonly bool _isInline;
    private readonly bool _callersWrite;
    private readonly List<(int End, bool Written)> _ends = [];
    private List<AuditEntry> _waiting = [];
    private List<AuditEntry> _taken = [];
    private List<AuditEntry> _riding = [];
    private int _waitingBytes;
    private bool _isWriting;
    private bool _isClosed;
    private bool _isDue;
    private bool _isProbeDue;
    private bool _isLingering;
    private long _dropped;

    /// <param name="options">How it is written.</param>
    /// <param name="time">Wall and monotonic time.</param>
    /// <param name="logger">Where it says what went wrong.</param>
    /// <param name="sinks">Where the records go besides the file; each ends with whoever made it.</param>
    public AuditLog(
        AuditLogOptions options, TimeProvider time, ILogger<AuditLog> logger, IEnumerable<IAuditSink> sinks)
    {
        Archive = new AuditArchive(options.Directory, options.Retention, options.FileBytesMax, time, logger);
        // Before the archive begins: it deletes nothing that a sink holds.
        Shippers = [.. options.Sinks.Select(sink => new AuditShipper(
            sink, options.OpenSink, Archive, options.Directory, time, logger))];
        _file = new AuditFile(options.Directory, Archive, time, options.FlushToDisk, () => Evidence = new(
            options.Directory, options.Evidence, options.FlushToDisk, time, logger));
        _batch = new AuditBatch([_file, .. sinks], time, logger);
        (_wait, _time, _logger, QueueMax) = (options.Wait, time, logger, options.QueueMax);
        _room = new SemaphoreSlim(options.QueueMax);
        _isInline = options.IsInline;
        // A write to the disk itself takes milliseconds, and many share one.
        _callersWrite = !options.FlushToDisk;
        _linger = new Timer(static log => ((AuditLog)log!).EndLinger(), this, Timeout.Infinite, Timeout.Infinite);
        _probe = new Timer(static log => ((AuditLog)log!).MakeProbeDue(), this, ProbeEvery, ProbeEvery);
        _writer = new Thread(Write) { IsBackground = true, Name = "audit" };
        _writer.Start();
    }

    /// <summary>What became of records that are no longer written to.</summary>
    public AuditArchive Archive { get; }

    /// <summary>What brings the record to other places.</summary>
    public IReadOnlyList<AuditShipper> Shippers { get; }

    /// <summary>What proves that nothing of it was changed.</summary>
    public EvidenceWriter? Evidence { get; private set; }

    /// <summary>False from a failed write to the next one that succeeds.</summary>
    public bool IsHealthy => _batch.IsHealthy;

    /// <summary>Why nothing can be written, in the system's words; null while it can.</summary>
    public string? Fault => _batch.Fault;

    /// <summary>Records that may wait for the writer; at the bound calls wait, then are denied.</summary>
    public int QueueMax { get; }

    /// <summary>Records that are on file.</summary>
    public long Written => _batch.Written;

    /// <summary>Records that could not be written; the calls that waited for theirs were denied.</summary>
    public long Lost => _batch.Lost + Volatile.Read(ref _dropped);

    /// <summary>Writes that the records took, many in one.</summary>
    public long Batches => _batch.Writes;

    /// <summary>Records that wait for the writer.</summary>
    public int Queued
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>
    /// Returns true once the line is written; false where it could not be, and the call must be denied.
    /// </summary>
    /// <param name="line">The record.</param>
    /// <param name="neverBlocks">
    /// What follows waits for nothing on its thread, so that it may share one with others, inline an I/O thread or the
    /// writer's own.
    /// </param>
    public ValueTask<bool> RecordAsync(byte[] line, bool neverBlocks = false) =>
        (neverBlocks || !_isInline) && TryTakeRole(line.Length)
            ? new(WriteNow(line))
            : QueueAsync(line, neverBlocks);

    /// <summary>
    /// Queues a line that nobody waits for; waits for room only. It is on file a moment later, so a process that is
    /// killed may leave decisions without their outcome, never effects without their decision.
    /// </summary>
    public ValueTask PostAsync(byte[] line)
    {
        var entry = new AuditEntry(line, null);
        return _room.Wait(0) && TryAdd(entry) ? default : PostOrDropAsync(entry);
    }

    /// <summary>Writes what is queued and ends the thread.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.Pulse(_gate);
        }

        foreach (var shipper in Shippers)
            shipper.Dispose();
        _linger.Dispose();
        _probe.Dispose();
        // The last call of a host that stops may come to its end on the writer's own thread, which cannot wait for
        // itself; the process then waits for the thread.
        if (Thread.CurrentThread == _writer)
            _writer.IsBackground = false;
        else
            _writer.Join();
    }

    /// <summary>Whether this thread has the writer's role now, and what nobody waits for with it.</summary>
    private bool TryTakeRole(int bytes)
    {
        lock (_gate)
        {
            // Where others wait already, the log's thread is on its way and takes this line along.
            if (!_callersWrite || _isWriting || _isDue || _isClosed || !_batch.IsQuick(_waitingBytes + bytes))
                return false;
            TakeRole_NeedsLock(ref _riding);
            return true;
        }
    }

    /// <summary>
    /// Writes on the thread of a call, which has the role. Handing over to the log's thread and back was a third of the
    /// CPU time of a call on a lone connection; a write to the kernel's cache is a twentieth.
    /// </summary>
    private bool WriteNow(byte[] line)
    {
        var riding = _riding.Count;
        try
        {
            foreach (var entry in _riding)
                _batch.Add(entry.Line);
            _batch.Add(line);
            return _batch.TryWrite();
        }
        finally
        {
            _riding.Clear();
            EndRole();
            if (riding > 0)
                _room.Release(riding);
        }
    }

    private async ValueTask<bool> QueueAsync(byte[] line, bool neverBlocks)
    {
        var written = new TaskCompletionSource<bool>(
            neverBlocks ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
        if (await _room.WaitAsync(_wait) && TryAdd(new AuditEntry(line, written)))
            return await written.Task;
        NoteMissing(line);
        return false;
    }

    private async ValueTask PostOrDropAsync(AuditEntry entry)
    {
        if (await _room.WaitAsync(_wait) && TryAdd(entry))
            return;
        Interlocked.Increment(ref _dropped);
        NoteMissing(entry.Line);
        LogDropped();
    }

    private void NoteMissing(byte[] line) =>
        _batch.Gap.Add(line, "the audit queue stayed full", _time.GetUtcNow().ToUnixTimeMilliseconds());

    private bool TryAdd(AuditEntry entry)
    {
        lock (_gate)
        {
            if (_isClosed)
                return false;
            _waiting.Add(entry);
            _waitingBytes += entry.Line.Length;
            if (entry.Written is not null)
                MakeDue_NeedsLock();
            else if (!_isDue && !_isLingering)
                _isLingering = _linger.Change(BatchWait, Timeout.InfiniteTimeSpan);
        }

        return true;
    }

    private void MakeDue_NeedsLock()
    {
        if (_isDue)
            return;
        _isDue = true;
        Monitor.Pulse(_gate);
    }

    private void EndLinger()
    {
        lock (_gate)
        {
            _isLingering = false;
            if (_waiting.Count > 0)
                MakeDue_NeedsLock();
        }
    }

    private void MakeProbeDue()
    {
        lock (_gate)
        {
            _isProbeDue = true;
            Monitor.Pulse(_gate);
        }
    }

    private void TakeRole_NeedsLock(ref List<AuditEntry> empty)
    {
        _isWriting = true;
        _waitingBytes = 0;
        (_waiting, empty) = (empty, _waiting);
    }

    private void EndRole()
    {
        lock (_gate)
        {
            _isWriting = false;
            if (_isDue || _isProbeDue || _isClosed)
                Monitor.Pulse(_gate);
        }
    }

    private void Write()
    {
        while (TryTakeAll())
        {
            for (var end = 0; end < _taken.Count;)
            {
                while (end < _taken.Count && !_batch.IsFull)
                    _batch.Add(_taken[end++].Line);
                _ends.Add((end, _batch.TryWrite()));
            }

            if (_taken.Count == 0)
                _batch.Probe();
            // Before the calls go on, which may be on this thread: they, and others meanwhile, write for themselves.
            EndRole();
            if (_taken.Count == 0)
                continue;
            _room.Release(_taken.Count);
            Answer();
        }

        _batch.Probe();
        _file.Dispose();
    }

    /// <summary>
    /// Takes the role, and all that waits or nothing, to probe; false once the log is closed and all is written.
    /// </summary>
    private bool TryTakeAll()
    {
        lock (_gate)
        {
            while (_isWriting || (!_isDue && !_isProbeDue && !_isClosed))
                Monitor.Wait(_gate);
            if (_waiting.Count == 0 && _isClosed)
                return false;
            _isDue = _isProbeDue = false;
            TakeRole_NeedsLock(ref _taken);
            return true;
        }
    }

    private void Answer()
    {
        var start = 0;
        foreach (var (end, written) in _ends)
        {
            WrittenCalls.GoOn(_taken, start, end, written, _isInline);
            start = end;
        }

        _ends.Clear();
        _taken.Clear();
    }

    [LoggerMessage(3, LogLevel.Error, "The audit queue stayed full; the outcome record of a call is lost")]
    private partial void LogDropped();
}
