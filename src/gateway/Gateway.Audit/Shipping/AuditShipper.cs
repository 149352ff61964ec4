using Gateway.Audit.Files;
using Microsoft.Extensions.Logging;

namespace Gateway.Audit.Shipping;

/// <summary>
/// Ships the audit log to one sink: reads the files in order from the sink's cursor and delivers each record at least
/// once. No call waits for it.
/// </summary>
public sealed partial class AuditShipper : IDisposable
{
    private const int PauseSecondsMax = 60;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private readonly AuditSinkOptions _options;
    private readonly Func<AuditSinkOptions, IAuditTransport> _open;
    private readonly AuditArchive _archive;
    private readonly string _directory;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _ended;
    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;
    private ShipCursor _at;
    private long _shipped;
    private long _rejected;
    private long _lostBytes;
    private long _failures;
    private volatile string? _problem;

    internal AuditShipper(
        AuditSinkOptions options, Func<AuditSinkOptions, IAuditTransport> open, AuditArchive archive, string directory,
        TimeProvider time, ILogger logger)
    {
        (_options, _open, _archive, _directory, _time, _logger) = (options, open, archive, directory, time, logger);
        _ended = _stopping.Token;
        _at = ShipCursor.Read(directory, options.Name);
        if (options.Blocks)
            archive.Hold(options.Name, _at.Number);
        archive.Deleting += NoteDeleted;
    }

    /// <summary>Name of the sink.</summary>
    public string Name => _options.Name;

    /// <summary>Number of records that the sink accepted from this process.</summary>
    public long Shipped => Volatile.Read(ref _shipped);

    /// <summary>Number of records of this process that the sink rejected permanently; they are not retried.</summary>
    public long Rejected => Volatile.Read(ref _rejected);

    /// <summary>Bytes of records that were deleted before they were shipped.</summary>
    public long LostBytes => Volatile.Read(ref _lostBytes);

    /// <summary>Number of failed attempts.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <summary>Reason for the last attempt's failure; null if it succeeded.</summary>
    public string? Problem => _problem;

    /// <summary>Bytes of records that are not shipped yet.</summary>
    public long LagBytes
    {
        get
        {
            ShipCursor at;
            lock (_gate)
                at = _at;
            try
            {
                return AuditArchive.InOrder(_directory).Where(file => file.Number >= at.Number).ToList()
                    .Sum(file => LeftOf(file, at));
            }
            catch (IOException)
            {
                // The file is being compressed; the next read finds it.
                return 0;
            }
        }
    }

    /// <summary>Starts shipping.</summary>
    /// <param name="writer">Id of the log's writer, as in its checkpoints.</param>
    public void Start(string writer) => _running = Task.Run(() => RunAsync(writer));

    /// <summary>Stops shipping. The remaining records are shipped after the next start.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private static long LeftOf(AuditFileName file, ShipCursor at) =>
        Math.Max(0, file.RecordBytes - (file.Number == at.Number ? at.Offset : 0));

    private async Task RunAsync(string writer)
    {
        await using var transport = _open(_options);
        using var reader = new ShipReader(_directory, writer, _at);
        try
        {
            while (!_ended.IsCancellationRequested)
            {
                var records = TryRead(reader);
                if (records.Count > 0)
                    await ShipAsync(transport, records);
                if (reader.At != _at)
                    Advance(reader.At, records.Count);
                if (records.Count == 0)
                    await Task.Delay(LookEvery, _time, _ended);
            }
        }
        catch (OperationCanceledException)
        {
            // The process is stopping.
        }
    }

    private List<ShippedRecord> TryRead(ShipReader reader)
    {
        try
        {
            return reader.Read();
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // Deleted or compressed at this moment, or not readable; the next pass tries again.
            _problem = e.Message;
            return [];
        }
    }

    /// <summary>Sends a batch until the sink accepts it.</summary>
    private async Task ShipAsync(IAuditTransport transport, List<ShippedRecord> records)
    {
        for (var tries = 0; ; tries++)
        {
            var result = await TryAsync(transport, records);
            if (result.Problem is not { } problem)
            {
                if (_problem is not null && tries > 0)
                    LogBack(Name, tries);
                _problem = null;
                if (result.Rejected > 0)
                    NoteRejected(result.Rejected);
                return;
            }

            Interlocked.Increment(ref _failures);
            if (_problem is null)
                LogAway(Name, problem);
            _problem = problem;
            var pause = TimeSpan.FromSeconds(Math.Min(PauseSecondsMax, 1 << Math.Min(tries, 6)))
                * (0.5 + (Random.Shared.NextDouble() / 2));
            await Task.Delay(pause, _time, _ended);
        }
    }

    private async ValueTask<ShipResult> TryAsync(IAuditTransport transport, List<ShippedRecord> records)
    {
        try
        {
            return await transport.SendAsync(records, _ended);
        }
        catch (Exception e) when (!_ended.IsCancellationRequested)
        {
            // Nothing awaits this task, so every failure is reported here and retried.
            return new ShipResult($"{e.GetType().Name}: {e.Message}");
        }
    }

    private void NoteRejected(int count)
    {
        Interlocked.Add(ref _rejected, count);
        LogRejected(Name, count);
    }

    private void Advance(ShipCursor to, int count)
    {
        lock (_gate)
            _at = to;
        Interlocked.Add(ref _shipped, count);
        try
        {
            to.Write(_directory, Name);
            if (_options.Blocks)
                _archive.Hold(Name, to.Number);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The records shipped since the last stored cursor are shipped again after a restart; their files are kept
            // until then.
            _problem = e.Message;
        }
    }

    /// <summary>Counts bytes that are deleted before they were shipped.</summary>
    private void NoteDeleted(AuditFileName file)
    {
        ShipCursor at;
        lock (_gate)
            at = _at;
        if (file.Number < at.Number || LeftOf(file, at) is not (> 0 and var left))
            return;
        Interlocked.Add(ref _lostBytes, left);
        LogLost(Name, left);
    }

    [LoggerMessage(6, LogLevel.Warning, "The audit sink {Sink} does not accept records: {Problem}; retrying")]
    private partial void LogAway(string sink, string problem);

    [LoggerMessage(7, LogLevel.Information, "The audit sink {Sink} accepts records again after {Tries} attempts")]
    private partial void LogBack(string sink, int tries);

    [LoggerMessage(8, LogLevel.Error,
        "{Bytes} bytes of the audit log were deleted before the sink {Sink} received them")]
    private partial void LogLost(string sink, long bytes);

    [LoggerMessage(9, LogLevel.Error,
        "The audit sink {Sink} accepted a batch, but permanently rejected some of its records: {Count}")]
    private partial void LogRejected(string sink, int count);
}
