using Gateway.Audit.Evidence;
using Gateway.Audit.Files;
using Gateway.Audit.Shipping;
using Gateway.Audit.Sinks;
using Microsoft.Extensions.Logging;

namespace Gateway.Audit.Writing;

/// <summary>
/// The log of every decision and its outcome, as JSON Lines. One thread at a time has the writer's role. A caller that
/// finds the role free writes its own line together with all queued ones. Otherwise, and whenever a write may take
/// long, the log's own thread writes everything that is queued in one write.
/// </summary>
public sealed partial class AuditLog : IDisposable
{
    // A line that nothing waits for is written with the next line that a call waits for, or after BatchWaitMs. Waking
    // the writer for each call's outcome as well took a tenth of the whole process's CPU time.
    private const int WriterShown = 6;
    private const int BatchWaitMs = 50;
    private const int ProbeEveryMs = 1000;
    private readonly object _gate = new();
    private readonly AuditFile _file;
    private readonly AuditBatch _batch;
    private readonly SemaphoreSlim _room;
    private readonly TimeSpan _wait;
    private readonly ILogger<AuditLog> _logger;
    private readonly Thread _writer;
    private readonly TimeProvider _time;
    private readonly bool _isInline;
    private readonly bool _callersWrite;
    private readonly List<(int End, bool Written)> _ends = [];
    private AuditQueue _waiting = new();
    private AuditQueue _taken = new();
    private AuditQueue _riding = new();
    private bool _isWriting;
    private bool _isClosed;
    private bool _isDue;

    // Instants of NowMs. The writer waits for them itself: a timer wakes a pool thread, which then looks for other work
    // for a while, 2 % of all CPU time under load.
    private long _lingerEndsAt = long.MaxValue;
    private long _probeAt = NowMs + ProbeEveryMs;
    private bool _isRoleWanted;
    private long _dropped;

    /// <param name="options">The settings of the log.</param>
    /// <param name="time">Wall and monotonic time.</param>
    /// <param name="logger">Logs failures.</param>
    /// <param name="sinks">Further destinations of the records; the caller disposes them.</param>
    public AuditLog(
        AuditLogOptions options, TimeProvider time, ILogger<AuditLog> logger, IEnumerable<IAuditSink> sinks)
    {
        Archive = new AuditArchive(options.Directory, options.Retention, options.FileBytesMax, time, logger);
        // Before the archive starts, so that it deletes nothing that a sink still needs.
        Shippers = [.. options.Sinks.Select(sink => new AuditShipper(
            sink, options.OpenSink, Archive, options.Directory, time, logger))];
        _file = new AuditFile(options.Directory, Archive, time, options.FlushToDisk, () => Evidence = new(
            options.Directory, options.Evidence, options.FlushToDisk, time, logger));
        _batch = new AuditBatch([_file, .. sinks], time, logger);
        (_wait, _time, _logger, QueueMax) = (options.Wait, time, logger, options.QueueMax);
        _room = new SemaphoreSlim(options.QueueMax);
        _isInline = options.IsInline;
        // A write to the disk itself takes milliseconds, so many records share one.
        _callersWrite = !options.FlushToDisk;
        _writer = new Thread(Write) { IsBackground = true, Name = "audit" };
        _writer.Start();
    }

    // The system's own time, because the writer waits on a monitor, which follows no other clock.
    private static long NowMs => (long)TimeProvider.System.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>The closed files of the log.</summary>
    public AuditArchive Archive { get; }

    /// <summary>The shippers of the log, one for each sink.</summary>
    public IReadOnlyList<AuditShipper> Shippers { get; }

    /// <summary>Evidence that no record was changed; null before the log is opened.</summary>
    public EvidenceWriter? Evidence { get; private set; }

    /// <summary>
    /// Name of this frontend in records and reports: the machine's name and the start of the writer's id. The id
    /// distinguishes frontends on one machine and stays the same over restarts with the same data directory.
    /// </summary>
    public string Frontend => Evidence is { } evidence
        ? $"{Environment.MachineName} ({evidence.Writer[..WriterShown]})"
        : Environment.MachineName;

    /// <summary>False from a failed write until the next one that succeeds.</summary>
    public bool IsHealthy => _batch.IsHealthy;

    /// <summary>The system's reason why nothing can be written; null while writes succeed.</summary>
    public string? Fault => _batch.Fault;

    /// <summary>Maximum number of queued records; at the bound calls wait, then are denied.</summary>
    public int QueueMax { get; }

    /// <summary>Number of records written.</summary>
    public long Written => _batch.Written;

    /// <summary>Number of records that could not be written; the calls that waited for them were denied.</summary>
    public long Lost => _batch.Lost + Volatile.Read(ref _dropped);

    /// <summary>Number of writes; one write contains many records.</summary>
    public long Batches => _batch.Writes;

    /// <summary>Number of queued records.</summary>
    public int Queued
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>
    /// Returns true once the line is written, or false if it could not be written and the call must be denied.
    /// </summary>
    /// <param name="line">The record with its line end; it is copied before this method returns.</param>
    /// <param name="neverBlocks">
    /// True if the code after the await never blocks. In inline mode it may then run on an I/O thread or on the
    /// writer's thread.
    /// </param>
    public ValueTask<bool> RecordAsync(ReadOnlySpan<byte> line, bool neverBlocks = false) =>
        (neverBlocks || !_isInline) && TryTakeRole(line.Length)
            ? new(WriteNow(line))
            : QueueAsync(line, neverBlocks);

    /// <summary>
    /// Queues a line that nothing waits for; waits only for room in the queue. The line is written a moment later, so a
    /// killed process may leave decisions without an outcome, but never an effect without its decision.
    /// </summary>
    public ValueTask PostAsync(ReadOnlySpan<byte> line) =>
        _room.Wait(0) && TryAdd(line, null) ? default : PostOrDropAsync(line.ToArray());

    /// <summary>Begins a new file with the next record, so that all earlier files are closed.</summary>
    public void EndFile() => _file.EndFile();

    /// <summary>Writes the queue and stops the thread.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.Pulse(_gate);
        }

        foreach (var shipper in Shippers)
            shipper.Dispose();
        // The last call of a stopping host may finish on the writer's own thread, which cannot wait for itself; the
        // process then waits for the thread.
        if (Thread.CurrentThread == _writer)
            _writer.IsBackground = false;
        else
            _writer.Join();
    }

    /// <summary>
    /// Tries to take the writer's role for this thread, together with the queued lines that nothing waits for.
    /// </summary>
    private bool TryTakeRole(int bytes)
    {
        lock (_gate)
        {
            // If others are waiting, the log's thread is about to run and writes this line too.
            if (!_callersWrite || _isWriting || _isDue || _isClosed || !_batch.IsQuick(_waiting.Bytes.Length + bytes))
                return false;
            TakeRole_NeedsLock(ref _riding);
            return true;
        }
    }

    /// <summary>
    /// Writes on the thread of a call that has the role. Handing over to the log's thread and back took a third of the
    /// CPU time of a call on a single connection; a write to the kernel's cache takes a twentieth.
    /// </summary>
    private bool WriteNow(ReadOnlySpan<byte> line)
    {
        var riding = _riding.Count;
        try
        {
            _riding.Add(line, null);
            return _batch.TryWrite(_riding.Bytes, _riding.Count);
        }
        finally
        {
            _riding.Clear();
            EndRole();
            if (riding > 0)
                _room.Release(riding);
        }
    }

    private ValueTask<bool> QueueAsync(ReadOnlySpan<byte> line, bool neverBlocks)
    {
        var written = new TaskCompletionSource<bool>(
            neverBlocks ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
        return _room.Wait(0) && TryAdd(line, written) ? new(written.Task) : QueueOrDenyAsync(line.ToArray(), written);
    }

    private async ValueTask<bool> QueueOrDenyAsync(byte[] line, TaskCompletionSource<bool> written)
    {
        if (await _room.WaitAsync(_wait) && TryAdd(line, written))
            return await written.Task;
        NoteMissing(line);
        return false;
    }

    private async ValueTask PostOrDropAsync(byte[] line)
    {
        if (await _room.WaitAsync(_wait) && TryAdd(line, null))
            return;
        Interlocked.Increment(ref _dropped);
        NoteMissing(line);
        LogDropped();
    }

    private void NoteMissing(byte[] line) =>
        _batch.Gap.Add(line, "the audit queue stayed full", _time.GetUtcNow().ToUnixTimeMilliseconds());

    private bool TryAdd(ReadOnlySpan<byte> line, TaskCompletionSource<bool>? written)
    {
        lock (_gate)
        {
            if (_isClosed)
                return false;
            _waiting.Add(line, written);
            if (written is not null)
                MakeDue_NeedsLock();
            else if (_lingerEndsAt == long.MaxValue)
            {
                _lingerEndsAt = NowMs + BatchWaitMs;
                Monitor.Pulse(_gate);
            }
        }

        return true;
    }

    private void MakeDue_NeedsLock()
    {
        if (_isDue)
            return;
        _isDue = true;
        // The thread that is writing wakes the log's thread at its end; there is nothing to do before that.
        if (_isWriting)
            _isRoleWanted = true;
        else
            Monitor.Pulse(_gate);
    }

    private void TakeRole_NeedsLock(ref AuditQueue empty)
    {
        _isWriting = true;
        (_waiting, empty) = (empty, _waiting);
    }

    private void EndRole()
    {
        lock (_gate)
        {
            _isWriting = false;
            if (_isRoleWanted)
                Monitor.Pulse(_gate);
        }
    }

    private void Write()
    {
        while (TryTakeAll())
        {
            WriteTaken();
            if (_taken.Count == 0)
                _batch.Probe();
            // End the role before the calls continue, perhaps on this thread: they and concurrent calls then write for
            // themselves.
            EndRole();
            if (_taken.Count == 0)
                continue;
            _room.Release(_taken.Count);
            Answer();
        }

        _batch.Probe();
        _file.Dispose();
    }

    /// <summary>Writes the taken lines in pieces of about the size of one write.</summary>
    private void WriteTaken()
    {
        var (lines, from) = (_taken.Entries, 0);
        for (var end = 0; end < lines.Count;)
        {
            var first = end;
            while (end < lines.Count && lines[end].End - from <= AuditBatch.BytesMax)
                end++;
            end = Math.Max(end, first + 1);
            var to = lines[end - 1].End;
            _ends.Add((end, _batch.TryWrite(_taken.Bytes[from..to], end - first)));
            from = to;
        }
    }

    /// <summary>
    /// Takes the role and all queued lines, or no lines to probe. Returns false once the log is closed and everything
    /// is written.
    /// </summary>
    private bool TryTakeAll()
    {
        lock (_gate)
        {
            while (true)
            {
                var now = NowMs;
                // Lingering lines were usually written with the line of a call by now.
                if (now >= _lingerEndsAt && _waiting.Count == 0)
                    _lingerEndsAt = long.MaxValue;
                var leftMs = _isDue || _isClosed ? 0 : Math.Min(_lingerEndsAt, _probeAt) - now;
                _isRoleWanted = leftMs <= 0;
                if (_isRoleWanted && !_isWriting)
                    break;
                Monitor.Wait(_gate, _isRoleWanted ? Timeout.Infinite : (int)leftMs);
            }

            _isRoleWanted = false;
            if (_waiting.Count == 0 && _isClosed)
                return false;
            _isDue = false;
            _lingerEndsAt = long.MaxValue;
            _probeAt = NowMs + ProbeEveryMs;
            TakeRole_NeedsLock(ref _taken);
            return true;
        }
    }

    private void Answer()
    {
        var start = 0;
        foreach (var (end, written) in _ends)
        {
            WrittenCalls.GoOn(_taken.Entries, start, end, written, _isInline);
            start = end;
        }

        _ends.Clear();
        _taken.Clear();
    }

    [LoggerMessage(3, LogLevel.Error, "The audit queue stayed full; the outcome record of a call was lost")]
    private partial void LogDropped();
}
