using System.Threading.Channels;
using Gateway.Audit.Directories;
using Gateway.Policy.Recording;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;

namespace Gateway.Audit.Arguments;

/// <summary>
/// Writes the values that <c>record_arguments</c> names to separate encrypted files. No call waits for it. Values that
/// it cannot keep are missing in a replay, and the replay reports that.
/// </summary>
public sealed partial class ArgumentRecorder : IAsyncDisposable
{
    private static readonly TimeSpan LookEveryMax = TimeSpan.FromMinutes(10);
    private const int LooksOfAge = 6;
    private static readonly TimeSpan SayEvery = TimeSpan.FromMinutes(1);
    private readonly RecordedArgumentsOptions _options;
    private readonly IDataProtectionProvider _protection;
    private readonly IDataProtector _protector;
    private readonly TimeProvider _time;
    private readonly ILogger<ArgumentRecorder> _logger;
    private readonly Channel<(UInt128 CallId, long TimeMs, byte[] Values)> _queue;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _changing = new();
    private readonly TimeSpan _lookEvery;
    private readonly Task _writing;
    private FileStream? _file;
    private IReadOnlySet<UInt128> _erased = new HashSet<UInt128>();
    private long _beganMs;
    private long? _lookedAt;
    private long _lost;
    private long _lastSaid;

    /// <param name="options">Location, size and retention of the files.</param>
    /// <param name="protection">Encrypts the values.</param>
    /// <param name="time">Measures the age of the files.</param>
    /// <param name="logger">Logs values that could not be kept.</param>
    public ArgumentRecorder(
        RecordedArgumentsOptions options, IDataProtectionProvider protection, TimeProvider time,
        ILogger<ArgumentRecorder> logger)
    {
        (_options, _protection, _time, _logger) = (options, protection, time, logger);
        _protector = protection.CreateProtector(ArgumentFiles.Purpose);
        _lookEvery = TimeSpan.FromTicks(Math.Min(options.AgeMax.Ticks / LooksOfAge, LookEveryMax.Ticks));
        _queue = Channel.CreateBounded<(UInt128, long, byte[])>(
            new BoundedChannelOptions(options.QueueMax)
            {
                SingleReader = true,
                FullMode = BoundedChannelFullMode.Wait,
            });
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Number of calls whose values could not be kept because the queue or the disk was full.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Queues a call's values; they are on disk a moment later.</summary>
    /// <param name="callId">The call id as in the call's record.</param>
    /// <param name="timeMs">The instant of the decision as in the call's record, in Unix milliseconds.</param>
    /// <param name="values">The values to keep.</param>
    public void Post(UInt128 callId, long timeMs, byte[] values)
    {
        if (!_queue.Writer.TryWrite((callId, timeMs, values)))
            Interlocked.Increment(ref _lost);
    }

    /// <summary>Opens the files for reading; values that have expired are not found.</summary>
    public ArgumentReader OpenReader() => new(
        _options.Directory, _protection, _options.OldestMs(_time));

    /// <summary>Finds where the newest values are, to evaluate a filter on them.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="cancellation">Ends the reading of the files.</param>
    public ArgumentMatches Matching(ArgumentFilter filter, CancellationToken cancellation) => new(
        filter, _options.Directory, _protection, _options.OldestMs(_time), cancellation);

    /// <summary>Removes the values of calls from the files and the queue. Repeating it changes nothing more.</summary>
    /// <param name="calls">The ids of the calls.</param>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public void Erase(IReadOnlySet<UInt128> calls)
    {
        lock (_changing)
        {
            // Values of these calls may still be in the queue.
            _erased = calls;
            _file?.Dispose();
            _file = null;
            foreach (var (path, _) in ArgumentFiles.In(_options.Directory))
                ArgumentFiles.Remove(path, calls);
        }
    }

    /// <summary>Writes the queued values and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _writing;
        if (_file is { } file)
            await file.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task WriteAsync()
    {
        while (true)
        {
            // Not after each batch: there may be hundreds of files to look at.
            if (_lookedAt is not { } looked || _time.GetElapsedTime(looked) >= _lookEvery)
            {
                _lookedAt = _time.GetTimestamp();
                Try(DeleteOld);
            }

            if (!await WaitAsync())
                return;
            while (_queue.Reader.TryRead(out var next))
            {
                if (!Try(() => Write(next.CallId, next.TimeMs, next.Values)))
                    Interlocked.Increment(ref _lost);
            }
        }
    }

    /// <summary>
    /// Waits until there is something to write or old files may be due for deletion. Returns false once everything is
    /// written.
    /// </summary>
    private async Task<bool> WaitAsync()
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        using var timer = _time.CreateTimer(
            static source => ((CancellationTokenSource)source!).Cancel(), waiting, _lookEvery,
            Timeout.InfiniteTimeSpan);
        try
        {
            return await _queue.Reader.WaitToReadAsync(waiting.Token);
        }
        catch (OperationCanceledException)
        {
            return !_stopping.IsCancellationRequested || _queue.Reader.Count > 0;
        }
    }

    private void Write(UInt128 callId, long timeMs, byte[] values)
    {
        if (_erased.Contains(callId))
            return;
        var sealedValues = _protector.Protect(ArgumentFrame.Bind(callId, timeMs, values));
        var frame = new byte[ArgumentFrame.HeadBytes + sealedValues.Length];
        ArgumentFrame.WriteHead(frame, sealedValues.Length, callId, timeMs);
        sealedValues.CopyTo(frame, ArgumentFrame.HeadBytes);
        var file = Writable();
        var end = file.Length;
        try
        {
            file.Write(frame);
        }
        catch (IOException)
        {
            // A partial frame would hide the frames after it.
            file.SetLength(end);
            throw;
        }
    }

    private FileStream Writable()
    {
        var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        if (_file is { } open && nowMs - _beganMs < _options.FileSpan().TotalMilliseconds && nowMs >= _beganMs
            && open.Length < _options.BytesMax / 8)
        {
            return open;
        }

        DataDirectory.RequireWritable(Path.GetDirectoryName(Path.GetFullPath(_options.Directory))!,
            Path.GetFileName(_options.Directory));
        _file?.Dispose();
        _file = null;
        // A restart begins a new file, so that a partial frame left by a crash is always the last one in its file.
        var began = Math.Max(nowMs, ArgumentFiles.In(_options.Directory) is [.., var last] ? last.BeganMs + 1 : 0);
        _file = DataDirectory.Owned(
            ArgumentFiles.PathOf(_options.Directory, began), FileMode.CreateNew, FileShare.Read | FileShare.Delete);
        _beganMs = nowMs;
        DeleteOld();
        return _file;
    }

    private void DeleteOld()
    {
        var oldestMs = _options.OldestMs(_time);
        var files = ArgumentFiles.In(_options.Directory).Select(static file => (file.Path, file.BeganMs,
            new FileInfo(file.Path) is { Exists: true } there ? there.Length : 0)).ToList();
        var bytes = files.Sum(static file => file.Item3);
        foreach (var (path, beganMs, length) in files)
        {
            if (beganMs > oldestMs && bytes <= _options.BytesMax)
                break;
            if (_file?.Name == Path.GetFullPath(path))
            {
                _file.Dispose();
                _file = null;
            }

            File.Delete(path);
            bytes -= length;
        }
    }

    private bool Try(Action action)
    {
        try
        {
            lock (_changing)
                action();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException
            or System.Security.Cryptography.CryptographicException)
        {
            if (_lastSaid == 0 || _time.GetElapsedTime(_lastSaid) >= SayEvery)
            {
                _lastSaid = _time.GetTimestamp();
                LogNotKept(SystemError.Words(e));
            }

            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Warning,
        "Argument values cannot be recorded for replay ({Fault}); calls continue, and a replay lacks these values")]
    private partial void LogNotKept(string fault);
}
