using System.Diagnostics.Metrics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Gateway.Audit.Records;
using Gateway.Audit.Writing;
using Gateway.Control.Documents;
using Gateway.Control.Telemetry;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Mcp.Writing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Control.Notifications.Events;

/// <summary>
/// Raises each event once: in a fleet, the frontend that wrote it first raises and records it. No call waits for it.
/// </summary>
public sealed partial class EventRaiser : BackgroundService
{
    // Beyond this number, events are only counted and logged.
    private const int OpenMax = 1000;
    private const int QueueMax = 256;
    private const long ValidMs = 600_000;
    private static readonly TimeSpan CleanEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly Channel<(string Id, RaisedEvent Event)> _queue =
        Channel.CreateBounded<(string Id, RaisedEvent Event)>(QueueMax);

    private readonly RaisedEventStore _store;
    private readonly AuditLog _audit;
    private readonly ProcessClock _clock;
    private readonly ILogger<EventRaiser> _logger;
    private readonly Counter<long> _raised;
    private readonly Counter<long> _dropped;

    /// <summary>Creates a raiser that has not started yet.</summary>
    public EventRaiser(
        RaisedEventStore store, AuditLog audit, ProcessClock clock, IMeterFactory meters,
        ILogger<EventRaiser> logger)
    {
        (_store, _audit, _clock, _logger) = (store, audit, clock, logger);
        var meter = meters.Create(MeterNames.Gateway);
        _raised = meter.CreateCounter<long>(
            "gateway.events", description: "Events that this gateway raised for channels and records, by type.");
        _dropped = meter.CreateCounter<long>(
            "gateway.events.dropped", description: "Events that were not raised because too many were open, by type.");
    }

    /// <summary>Returns the id of an event that happens once: 32 hexadecimal digits.</summary>
    public static string IdOf(params ReadOnlySpan<string> parts) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))).AsSpan(0, 16));

    /// <summary>
    /// Returns the period for the id of an event that happens once in each, and the time at which it expires: with the
    /// period, or some minutes later if that is soon.
    /// </summary>
    public static (string Period, long ExpiresMs) Once(long everyMs, long nowMs)
    {
        var period = nowMs / everyMs;
        return (
            period.ToString(CultureInfo.InvariantCulture),
            Math.Max((period + 1) * everyMs, nowMs + ValidMs));
    }

    /// <summary>Queues an event; returns false if too many are queued, and it may be tried again later.</summary>
    /// <param name="id">The id of the event, equal on every frontend that sees it.</param>
    /// <param name="raised">The event.</param>
    public bool TryRaise(string id, RaisedEvent raised) => _queue.Writer.TryWrite((id, raised));

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var cleanMs = long.MinValue;
            while (true)
            {
                if (_clock.NowMs() >= cleanMs)
                {
                    await TryCleanAsync(stoppingToken);
                    cleanMs = _clock.NowMs() + (long)CleanEvery.TotalMilliseconds;
                }

                using var wait = new LinkedTimeout(CleanEvery, _clock.Timers, stoppingToken);
                try
                {
                    await _queue.Reader.WaitToReadAsync(wait.Token);
                }
                catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
                {
                    continue;
                }

                while (_queue.Reader.TryRead(out var one))
                    await RaiseAsync(one.Id, one.Event, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // An event that was not raised is seen again by the next call, or by the next check of the tools.
        }
    }

    private async Task RaiseAsync(string id, RaisedEvent raised, CancellationToken stopping)
    {
        while (_clock.NowMs() < raised.ExpiresMs)
        {
            try
            {
                var known = RaisedEventStore.All(await _store.ReadAsync(stopping)).ToList();
                if (known.Exists(one => one.Id == id))
                    return;
                if (known.Count >= OpenMax)
                {
                    _dropped.Add(1, new KeyValuePair<string, object?>("type", raised.Type));
                    LogDropped(raised.Type, Printable.Of(raised.Reason), known.Count);
                }
                else if (await _store.TryAddAsync(id, raised, stopping))
                {
                    _raised.Add(1, new KeyValuePair<string, object?>("type", raised.Type));
                    LogRaised(raised.Type, Printable.Of(raised.Reason), raised.NextStep);
                    await _audit.PostAsync(AuditEncoder.Event(
                        EventNotices.Record(EventNotices.Of(id, raised), "raised"), _clock.NowMs()));
                }

                return;
            }
            catch (ControlStoreException e)
            {
                LogAway(raised.Type, e);
                await Task.Delay(RetryAfter, _clock.Timers, stopping);
            }
        }
    }

    private async Task TryCleanAsync(CancellationToken stopping)
    {
        try
        {
            var nowMs = _clock.NowMs();
            foreach (var (id, version, _) in RaisedEventStore.All(await _store.ReadAsync(stopping))
                .Where(one => nowMs >= one.Event.ExpiresMs).ToList())
                await _store.DeleteAsync(id, version, stopping);
        }
        catch (ControlStoreException)
        {
            // An event that is over is sent to no one; it is removed the next time.
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Type}: {Reason}. See: {NextStep}")]
    private partial void LogRaised(string type, string reason, string nextStep);

    [LoggerMessage(2, LogLevel.Warning, "No notification of {Type} is sent, because {Count} events are open: {Reason}")]
    private partial void LogDropped(string type, string reason, int count);

    [LoggerMessage(3, LogLevel.Debug, "The event {Type} waits for the control store")]
    private partial void LogAway(string type, Exception exception);
}
