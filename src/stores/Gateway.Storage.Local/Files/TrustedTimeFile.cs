using System.Globalization;
using System.Text;
using Gateway.Control.Options;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Storage.Local.Files;

/// <summary>
/// Stores the highest trusted time in the file <c>clock</c> of the data directory, so that a restart detects a clock
/// that was set back. An untrusted time is never written.
/// </summary>
public sealed partial class TrustedTimeFile : BackgroundService
{
    /// <summary>Interval between two writes; a crash loses at most this much.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private const string Name = "clock";
    private const int LengthMax = 64;
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    private readonly ProcessClock _clock;
    private readonly TimeProvider _time;
    private readonly ILogger<TrustedTimeFile> _logger;
    private readonly string _path;
    private readonly Lock _writing = new();
    private bool _isLost;

    /// <summary>
    /// Creates the writer, which writes nothing until the host starts or an operator confirms the clock.
    /// </summary>
    public TrustedTimeFile(
        ProcessOptions options, ProcessClock clock, TimeProvider time, ILogger<TrustedTimeFile> logger)
    {
        (_clock, _time, _logger) = (clock, time, logger);
        _path = Path.Combine(options.DataDirectory, Name);
        // A crash before the next write would require another confirmation.
        clock.Accepted += Write;
    }

    /// <summary>Reads the stored time. A missing file means a first start; an unreadable file is a problem.</summary>
    public static StoredTime Read(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, Name);
        try
        {
            if (!File.Exists(path) && !Directory.Exists(path))
                return default;
            using var file = new StreamReader(path);
            var buffer = new char[LengthMax];
            var text = buffer.AsSpan(0, file.ReadBlock(buffer)).Trim();
            return DateTimeOffset.TryParseExact(
                text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var highest)
                ? new StoredTime(highest.ToUnixTimeMilliseconds(), null)
                : new StoredTime(null, $"{path} does not contain a time such as 2026-11-30T12:00:00.000Z");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new StoredTime(null, $"{path}: {e.Message.TrimEnd('.')}");
        }
    }

    /// <summary>Returns a time in the format of the file.</summary>
    public static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Write();
    }

    /// <summary>
    /// Writes the present time if it is trusted. A full disk affects only this write; the next one is tried again.
    /// </summary>
    internal void Write()
    {
        // Read the clock under the lock: an earlier time must not replace one that was confirmed since then.
        lock (_writing)
        {
            if (_clock.TrustedMs() is not { } nowMs)
                return;
            try
            {
                Replace(Text(DateTimeOffset.FromUnixTimeMilliseconds(nowMs)));
                _isLost = false;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (!_isLost)
                    LogFailed(_path, e.Message);
                _isLost = true;
            }
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _clock.Accepted -= Write;
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Write();
        // The last write follows when the host has stopped.
        return _time.RepeatAsync(Every, Write, stoppingToken);
    }

    private void Replace(string text)
    {
        var unfinished = _path + ".tmp";
        var owned = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            owned.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(unfinished, owned))
        {
            file.Write(Encoding.ASCII.GetBytes(text + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, _path, overwrite: true);
    }

    [LoggerMessage(1, LogLevel.Warning,
        "The current time cannot be stored in {Path}; the gateway retries every 5 s: {Why}. Until then, if the clock "
            + "is set back, a restart detects this only if the clock shows a time before the last stored time.")]
    private partial void LogFailed(string path, string why);
}
