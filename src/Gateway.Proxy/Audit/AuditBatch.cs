using System.Buffers;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Audit;

/// <summary>
/// Lines on their way to the file, all in one write, and how the last writes went. Used by one thread at a time: by
/// whoever has the writer's role in <see cref="AuditLog"/>.
/// </summary>
internal sealed partial class AuditBatch(AuditFile file, TimeProvider time, ILogger<AuditLog> logger) : IDisposable
{
    /// <summary>The most that goes into one write, give or take a line.</summary>
    public const int BytesMax = 1024 * 1024;

    // A write to the kernel's cache takes microseconds. A disk that falls behind takes this, and again at once; a
    // thread that merely lost its processor for a moment does not twice running.
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(5);
    private const int SlowRun = 2;
    private const int QuickRun = 100;

    private readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);
    private int _lines;
    private int _slowInARow;
    private int _quickOwed;
    private volatile bool _healthy = true;
    private long _written;
    private long _lost;
    private long _writes;

    /// <summary>False from a failed write to the next one that succeeds.</summary>
    public bool IsHealthy => _healthy;

    /// <summary>Lines that are on file.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>Lines that could not be written.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Writes so far, failed ones included.</summary>
    public long Writes => Volatile.Read(ref _writes);

    /// <summary>Whether no further line should go into this write.</summary>
    public bool IsFull => _bytes.WrittenCount >= BytesMax;

    /// <summary>
    /// Whether so many bytes are written at once by all experience: they fit the file that is open, and the last writes
    /// did not keep their threads.
    /// </summary>
    public bool IsQuick(int bytes) =>
        _quickOwed == 0 && _healthy && bytes <= BytesMax && file.HasRoom(bytes);

    public void Add(ReadOnlySpan<byte> line)
    {
        _bytes.Write(line);
        _lines++;
    }

    /// <summary>
    /// Writes what was added; true where it is with the kernel, or on the disk where that was asked for.
    /// </summary>
    public bool TryWrite()
    {
        var began = time.GetTimestamp();
        var written = TryAppend();
        NoteSpeed(time.GetElapsedTime(began));
        Interlocked.Increment(ref _writes);
        Interlocked.Add(ref written ? ref _written : ref _lost, _lines);
        _bytes.ResetWrittenCount();
        _lines = 0;
        return written;
    }

    public void Dispose() => file.Dispose();

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

    private bool TryAppend()
    {
        try
        {
            file.Append(_bytes.WrittenSpan);
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
}
