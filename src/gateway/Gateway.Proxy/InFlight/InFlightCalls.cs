using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Gateway.Control.Telemetry;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.InFlight;

/// <summary>
/// The calls of this process that hold places of <c>max_in_flight</c>. The class takes and renews the places, and ends
/// a call whose place cannot be kept.
/// </summary>
public sealed partial class InFlightCalls : IDisposable
{
    /// <summary>The interval for detecting a lost place; a call then has seconds to end.</summary>
    private static readonly TimeSpan CheckEvery = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<OpenCall, bool> _open = new();
    private readonly ProcessClock _clock;
    private readonly ILogger _logger;
    private readonly Counter<long> _renewals;
    private readonly Counter<long> _lost;
    private readonly ITimer _timer;
    private bool _isChecking;

    /// <param name="limiter">Issues the places.</param>
    /// <param name="clock">The clock of decisions.</param>
    /// <param name="time">Measures the time since a place was requested.</param>
    /// <param name="options">The time for which calls without a response keep their places.</param>
    /// <param name="meters">Creates the metrics.</param>
    /// <param name="logger">Receives lost places and failed renewals.</param>
    public InFlightCalls(
        ILimiter limiter, ProcessClock clock, TimeProvider time, InFlightOptions options, IMeterFactory meters,
        ILogger<InFlightCalls> logger)
    {
        (Limiter, _clock, Time, _logger) = (limiter, clock, time, logger);
        UnansweredMax = options.UnansweredMax;
        var meter = meters.Create(MeterNames.Servers);
        meter.CreateObservableGauge(
            "gateway.in_flight.calls", Count,
            description: "Calls that count toward max_in_flight: open calls, and calls that may still run at a server "
                + "after the gateway ended them without a response.");
        _renewals = meter.CreateCounter<long>(
            "gateway.in_flight.renewals", description: "Successful renewals of places of calls in flight.");
        _lost = meter.CreateCounter<long>(
            "gateway.in_flight.lost", description: "Calls ended because their places could not be renewed.");
        _timer = time.CreateTimer(
            static all => ((InFlightCalls)all!).Check(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    internal ILimiter Limiter { get; }

    internal TimeProvider Time { get; }

    internal static TimeSpan RenewEvery => TimeSpan.FromSeconds(5);

    internal TimeSpan UnansweredMax { get; }

    internal long NowMs => _clock.NowMs();

    /// <summary>Takes every place that the decision requires, or none.</summary>
    public async ValueTask<OpenedCall> OpenAsync(ImmutableArray<DecisionCost> places)
    {
        var taken = new List<CallPlace>(places.Length);
        for (var i = 0; i < places.Length; i++)
        {
            var askedAt = Time.GetTimestamp();
            var request = new LimitRequest(CallId.New(), _clock.NowMs(), [places[i].Cost]);
            var answer = await Limiter.AcquireAsync(request, CancellationToken.None);
            if (answer.Refusal is { } refused)
            {
                foreach (var place in taken)
                    await Limiter.ReleaseAsync(place.Permit, CancellationToken.None);
                return new OpenedCall(
                    null, refused.CostIndex < 0 ? refused : refused with { CostIndex = i }, answer.RetryAfterMs);
            }

            taken.Add(new CallPlace(answer.Permit, askedAt));
        }

        var call = new OpenCall(this, taken, new CancellationTokenSource());
        _open[call] = true;
        if (!Interlocked.Exchange(ref _isChecking, true))
            _timer.Change(CheckEvery, CheckEvery);
        return new OpenedCall(call);
    }

    /// <summary>Stops renewing; places that are still held expire.</summary>
    public void Dispose() => _timer.Dispose();

    internal void Forget(OpenCall call, bool isLost)
    {
        _open.TryRemove(call, out _);
        if (!isLost)
            return;
        _lost.Add(1);
        LogLost();
    }

    /// <summary>Renews a place; returns a missing permit if that failed for any reason.</summary>
    internal async Task<Permit> RenewAsync(CallPlace place)
    {
        try
        {
            var renewed = await place.RenewAsync(Limiter);
            if (!renewed.IsMissing)
                _renewals.Add(1);
            return renewed;
        }
        catch (Exception exception)
        {
            LogNotRenewed(exception);
            return default;
        }
    }

    private void Check()
    {
        foreach (var call in _open.Keys)
            call.Check();
    }

    private Measurement<long>[] Count()
    {
        var unanswered = _open.Keys.LongCount(static call => call.IsUnanswered);
        return
        [
            new(_open.Count - unanswered, new KeyValuePair<string, object?>("state", "open")),
            new(unanswered, new KeyValuePair<string, object?>("state", "unanswered")),
        ];
    }

    [LoggerMessage(1, LogLevel.Warning,
        "The place of a call in flight could not be renewed in time, so the call was ended. It may have run.")]
    private partial void LogLost();

    [LoggerMessage(2, LogLevel.Warning, "The place of a call in flight could not be renewed; trying again")]
    private partial void LogNotRenewed(Exception exception);
}

/// <summary>The places of a call, or the refusal of them.</summary>
/// <param name="Call">The places; null if they were refused.</param>
/// <param name="Refusal">The refusal; null if the places were taken.</param>
/// <param name="RetryAfterMs">The delay before a retry, in milliseconds; null if unknown.</param>
public readonly record struct OpenedCall(OpenCall? Call, LimitRefusal? Refusal = null, long? RetryAfterMs = null);

/// <summary>Options of calls in flight (<c>max_in_flight</c>).</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record InFlightOptions
{
    /// <summary>
    /// The time for which a call without a response keeps its place after its client has left or its grant has ended:
    /// the server may still be working on it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan UnansweredMax { get; set; } = TimeSpan.FromMinutes(5);
}
