using Gateway.Audit.Directories;
using Gateway.Audit.Sinks;
using Microsoft.Extensions.Logging;

namespace Gateway.Audit.Writing;

/// <summary>
/// Sends lines to the sinks in one write, and tracks how the last writes went. Used by one thread at a time, the one
/// that has the writer's role in <see cref="AuditLog"/>. Lines count as written once every sink has accepted them and
/// one sink has stored them.
/// </summary>
internal sealed partial class AuditBatch(IAuditSink[] sinks, TimeProvider time, ILogger<AuditLog> logger)
{
    /// <summary>Maximum bytes of one write, give or take a line.</summary>
    public const int BytesMax = 1024 * 1024;

    // A write to the kernel's cache takes microseconds. A disk that falls behind takes longer, several times in a row;
    // a thread that merely lost its processor for a moment does not.
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(5);
    private const int SlowRun = 2;
    private const int QuickRun = 100;

    // After a failure this much must fit before calls continue: the rest of a file's last page would admit only a few.
    private const int RecoveryBytes = 64 * 1024;
    private const int ProbeBytes = 4096;
    private static readonly TimeSpan ProbeAfter = TimeSpan.FromSeconds(2);

    private readonly AuditGap _gap = new();
    private int _slowInARow;
    private int _quickOwed;
    private volatile string? _fault;
    private long _lastWrite = time.GetTimestamp();
    private long _written;
    private long _lost;
    private long _writes;
    private long _sequence;

    /// <summary>False from a failed write until the next one that succeeds.</summary>
    public bool IsHealthy => _fault is null;

    /// <summary>The system's reason why nothing can be written; null while writes succeed.</summary>
    public string? Fault => _fault;

    /// <summary>The records that are missing from the log.</summary>
    public AuditGap Gap => _gap;

    /// <summary>Number of lines written.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>Number of lines that could not be written.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Number of writes, including failed ones.</summary>
    public long Writes => Volatile.Read(ref _writes);

    /// <summary>
    /// Returns true if a write of this many bytes should finish immediately: the bytes fit the open file, and the last
    /// writes did not block their threads.
    /// </summary>
    public bool IsQuick(int bytes) =>
        _quickOwed == 0 && _fault is null && bytes <= BytesMax && HasRoom(bytes);

    /// <summary>Writes whole lines. Returns true once the kernel has them, or the disk if that was requested.</summary>
    /// <param name="lines">The lines, each with its end; about <see cref="BytesMax"/> at most.</param>
    /// <param name="count">Number of lines.</param>
    public bool TryWrite(ReadOnlySpan<byte> lines, int count)
    {
        var began = time.GetTimestamp();
        var written = TryRecover() && TryFillGap() && TryAppend(lines, count);
        NoteSpeed(time.GetElapsedTime(began));
        Interlocked.Increment(ref _writes);
        Interlocked.Add(ref written ? ref _written : ref _lost, count);
        if (!written)
            _gap.Add(lines, _fault ?? "", NowMs);
        return written;
    }

    /// <summary>
    /// Checks whether records can be written although there are none. An idle process must find out by itself that
    /// there is no room, and that there is room again.
    /// </summary>
    public void Probe()
    {
        if (_fault is not null)
            TryRecover();
        else if (time.GetElapsedTime(_lastWrite) >= ProbeAfter)
            Try(() => Probe(ProbeBytes));
        if (_fault is null)
            TryFillGap();
    }

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    private void NoteSpeed(TimeSpan took)
    {
        if (took < Slow)
        {
            _slowInARow = 0;
            _quickOwed = Math.Max(0, _quickOwed - 1);
        }
        else if (++_slowInARow >= SlowRun)
            _quickOwed = QuickRun;
    }

    /// <summary>Returns false while writing has failed and there is still no room.</summary>
    private bool TryRecover() => _fault is null || Try(() => Probe(RecoveryBytes));

    /// <summary>Writes how many records are missing before any record that follows.</summary>
    private bool TryFillGap()
    {
        if (_gap.IsEmpty)
            return true;
        var nowMs = NowMs;
        var (line, counts) = _gap.Read(nowMs);
        if (!TryAppend(line, 1))
            return false;
        _gap.Remove(counts, nowMs);
        Interlocked.Increment(ref _written);
        return true;
    }

    private bool HasRoom(int bytes)
    {
        foreach (var sink in sinks)
        {
            if (!sink.HasRoom(bytes))
                return false;
        }

        return true;
    }

    private void Probe(int bytes)
    {
        foreach (var sink in sinks)
            sink.Probe(bytes);
    }

    private bool TryAppend(ReadOnlySpan<byte> lines, int count)
    {
        try
        {
            var isKept = false;
            foreach (var sink in sinks)
                isKept |= sink.Append(lines, _sequence);
            if (!isKept)
                throw new IOException("no sink stores audit records");
            _sequence += count;
            return Succeeded();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Failed(e);
        }
    }

    private bool Try(Action write)
    {
        try
        {
            write();
            return Succeeded();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Failed(e);
        }
    }

    private bool Succeeded()
    {
        _lastWrite = time.GetTimestamp();
        if (_fault is not null)
            LogRecovered();
        _fault = null;
        return true;
    }

    private bool Failed(Exception e)
    {
        var fault = SystemError.Words(e);
        if (_fault is null)
            LogFailed(fault);
        _fault = fault;
        return false;
    }

    [LoggerMessage(1, LogLevel.Debug, "The audit log cannot be written ({Fault}); calls are denied until it can be "
        + "written")]
    private partial void LogFailed(string fault);

    [LoggerMessage(2, LogLevel.Debug, "The audit log can be written again")]
    private partial void LogRecovered();
}
