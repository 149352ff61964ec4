using System.Buffers;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Audit;

/// <summary>
/// The record of every decision and its outcome, as JSON Lines. Lines are written by a thread of their own, all that
/// wait in one write, so that no caller's thread ever touches the disk.
/// </summary>
internal sealed partial class AuditLog : IDisposable
{
    private const int BatchBytesMax = 1024 * 1024;

    // A line that nobody waits for goes with the next one that somebody does, or after this. Waking the writer for each
    // call's outcome too cost a tenth of the whole process's CPU time.
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(50);
    private readonly object _gate = new();
    private readonly AuditFile _file;
    private readonly SemaphoreSlim _room;
    private readonly TimeSpan _wait;
    private readonly ILogger<AuditLog> _logger;
    private readonly Thread _writer;
    private readonly Timer _linger;
    private readonly bool _isInline;
    private readonly ArrayBufferWriter<byte> _batch = new(BatchBytesMax);
    private List<AuditEntry> _waiting = [];
    private List<AuditEntry> _taken = [];
    private bool _isClosed;
    private bool _isDue;
    private bool _isLingering;
    private volatile bool _healthy = true;
    private long _written;
    private long _lost;
    private long _batches;

    public AuditLog(GatewayOptions options, ILogger<AuditLog> logger)
    {
        _file = new AuditFile(
            Path.Combine(options.DataDirectory, "audit"),
            options.AuditFileBytesMax, options.AuditFilesMax, options.AuditFlushToDisk);
        (_wait, _logger, QueueMax) = (options.AuditWait, logger, options.AuditQueueMax);
        _room = new SemaphoreSlim(options.AuditQueueMax);
        _isInline = options.IsInline;
        _linger = new Timer(static log => ((AuditLog)log!).EndLinger(), this, Timeout.Infinite, Timeout.Infinite);
        _writer = new Thread(Write) { IsBackground = true, Name = "audit" };
        _writer.Start();
    }

    /// <summary>False from a failed write to the next one that succeeds.</summary>
    public bool IsHealthy => _healthy;

    /// <summary>Records that may wait for the writer; at the bound calls wait, then are denied.</summary>
    public int QueueMax { get; }

    /// <summary>Records that are on file.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>Records that could not be written; the calls that waited for theirs were denied.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Writes that the records took, many in one.</summary>
    public long Batches => Volatile.Read(ref _batches);

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
    /// What follows waits for nothing on its thread, so that it may share one with others, inline the writer's own.
    /// </param>
    public async ValueTask<bool> RecordAsync(byte[] line, bool neverBlocks = false)
    {
        var written = new TaskCompletionSource<bool>(
            neverBlocks ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
        return await TryQueueAsync(new AuditEntry(line, written)) && await written.Task;
    }

    /// <summary>
    /// Queues a line that nobody waits for; waits for room only. It is on file a moment later, so a process that is
    /// killed may leave decisions without their outcome, never effects without their decision.
    /// </summary>
    public async ValueTask PostAsync(byte[] line)
    {
        if (await TryQueueAsync(new AuditEntry(line, null)))
            return;
        Interlocked.Increment(ref _lost);
        LogDropped();
    }

    /// <summary>Writes what is queued and ends the thread.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.Pulse(_gate);
        }

        _linger.Dispose();
        // The last call of a host that stops may come to its end on the writer's own thread, which cannot wait for
        // itself; the process then waits for the thread.
        if (Thread.CurrentThread == _writer)
            _writer.IsBackground = false;
        else
            _writer.Join();
    }

    private async ValueTask<bool> TryQueueAsync(AuditEntry entry)
    {
        if (!await _room.WaitAsync(_wait))
            return false;
        lock (_gate)
        {
            if (_isClosed)
                return false;
            _waiting.Add(entry);
            if (entry.Written is not null)
                MakeDue_NeedsLock();
            else if (!_isDue && !_isLingering)
                _isLingering = _linger.Change(Linger, Timeout.InfiniteTimeSpan);
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

    private void Write()
    {
        while (TakeAll() is { } entries)
        {
            for (var done = 0; done < entries.Count;)
                done = WriteBatch(entries, done);
            _room.Release(entries.Count);
            entries.Clear();
        }

        _file.Dispose();
    }

    /// <summary>All that waits, or null once the log is closed and everything is written.</summary>
    private List<AuditEntry>? TakeAll()
    {
        lock (_gate)
        {
            while (!_isDue && !_isClosed)
                Monitor.Wait(_gate);
            if (_waiting.Count == 0)
                return null;
            _isDue = false;
            (_waiting, _taken) = (_taken, _waiting);
            return _taken;
        }
    }

    private int WriteBatch(List<AuditEntry> entries, int start)
    {
        var end = start;
        _batch.ResetWrittenCount();
        while (end < entries.Count && _batch.WrittenCount < BatchBytesMax)
            _batch.Write(entries[end++].Line);
        var written = TryAppend();
        Interlocked.Increment(ref _batches);
        Interlocked.Add(ref written ? ref _written : ref _lost, end - start);
        Answer(entries, start, end, written);
        return end;
    }

    /// <summary>
    /// Takes the calls on to their next wait. Inline, on the writer's own thread: through the thread pool each woke
    /// another thread, a quarter of the process's CPU time; nothing on that way may block, as with I/O. Else on pool
    /// threads, some calls each.
    /// </summary>
    private void Answer(List<AuditEntry> entries, int start, int end, bool written)
    {
        if (_isInline)
        {
            for (var i = start; i < end; i++)
                entries[i].Written?.SetResult(written);
            return;
        }

        for (var i = start; i < end; i += WrittenCalls.Max)
            WrittenCalls.Queue(entries, i, Math.Min(end, i + WrittenCalls.Max), written);
    }

    private bool TryAppend()
    {
        try
        {
            _file.Append(_batch.WrittenSpan);
            if (!_healthy)
                LogRecovered();
            return _healthy = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogFailed(e);
            return _healthy = false;
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The audit log cannot be written; calls are denied until it can")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(2, LogLevel.Information, "The audit log can be written again")]
    private partial void LogRecovered();

    [LoggerMessage(3, LogLevel.Error, "The audit queue stayed full; the outcome record of a call is lost")]
    private partial void LogDropped();
}
