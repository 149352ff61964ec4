using Gateway.Audit.Directories;
using Gateway.Audit.Sinks;
using Microsoft.Extensions.Logging;

namespace Gateway.Audit.Writing;

/// <summary>
/// Lines on their way to the sinks, all in one write, and how the last writes went. Used by one thread at a time: by
/// whoever has the writer's role in <see cref="AuditLog"/>. They are written once every sink has taken them, and one of
/// them keeps them.
/// </summary>
internal sealed partial class AuditBatch(IAuditSink[] sinks, TimeProvider time, ILogger<AuditLog> logger)
{
    /// <summary>The most that goes into one write, give or take a line.</summary>
    public const int BytesMax = 1024 * 1024;

    // A write to the kernel's cache takes microseconds. A disk that falls behind takes this, and again at once; a
    // thread that merely lost its processor for a moment does not twice running.
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(5);
    private const int SlowRun = 2;
    private const int QuickRun = 100;

    // After a failure this much has to fit before calls go on: the rest of a file's last page would let a few pass.
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

    /// <summary>False from a failed write to the next one that succeeds.</summary>
    public bool IsHealthy => _fault is null;

    /// <summary>Why nothing can be written, in the system's words; null while it can.</summary>
    public string? Fault => _fault;

    /// <summary>What is missing on record.</summary>
    public AuditGap Gap => _gap;

    /// <summary>Lines that are on file.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>Lines that could not be written.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Writes so far, failed ones included.</summary>
    public long Writes => Volatile.Read(ref _writes);

    /// <summary>
    /// True if so many bytes are written at once by all experience: they fit the file that is open, and the last writes
    /// did not keep their threads.
    /// </summary>
    public bool IsQuick(int bytes) =>
        _quickOwed == 0 && _fault is null && bytes <= BytesMax && HasRoom(bytes);

    /// <summary>Writes whole lines; true where they are with the kernel, or on the disk where that was asked for.
    /// </summary>
    /// <param name="lines">Each with its end; about <see cref="BytesMax"/> at most.</param>
    /// <param name="count">How many.</param>
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
    /// Looks whether records can be written though none came: a process that nobody calls must find out by itself that
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

    /// <summary>False while it has failed and there is no room yet.</summary>
    private bool TryRecover() => _fault is null || Try(() => Probe(RecoveryBytes));

    /// <summary>Before any record that follows stands how many are missing.</summary>
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
                throw new IOException("no sink keeps audit records");
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

    [LoggerMessage(1, LogLevel.Debug, "The audit log cannot be written ({Fault}); calls are denied until it can")]
    private partial void LogFailed(string fault);

    [LoggerMessage(2, LogLevel.Debug, "The audit log can be written again")]
    private partial void LogRecovered();
}
