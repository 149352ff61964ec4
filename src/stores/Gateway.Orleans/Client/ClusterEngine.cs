using Gateway.Control.Options;
using Gateway.Limits.Acquiring;
using Gateway.Limits.Model;
using Microsoft.Extensions.Logging;

namespace Gateway.Orleans.Client;

/// <summary>
/// The limiter of a frontend in a cluster. It acquires a call's limits one after another, each from the grain that owns
/// the counter. A frontend that dies in between wastes numbers of that window but never admits too many calls.
/// </summary>
/// <remarks>It fails closed: a call is denied if an owner does not respond in time or cannot be reached.</remarks>
public sealed class ClusterEngine : ILimiter, IDisposable
{
    private readonly CounterChannels _lines;
    private readonly LimitAcquirer _taker;

    /// <summary>Creates a limiter over the counters of one cluster.</summary>
    public ClusterEngine(
        IGrainFactory grains,
        ProcessClock clock,
        ClusterEngineOptions options,
        TimeProvider time,
        ILogger<ClusterEngine> log)
    {
        Clock = clock;
        _lines = new CounterChannels(grains, options, time, clock, log);
        var taking = new AcquiringOptions
        {
            MarginMs = options.StrictWindows ? ClockBounds.EpsilonMs : 0,
            RefusalsMax = options.RefusalsMax,
        };
        new AcquiringOptionsValidator().Validate(null, taking).OrThrow();
        _taker = new LimitAcquirer(new GrainCounterClient(_lines), taking, time, clock.NowMs);
    }

    /// <summary>The clock, which must be read once for each decision.</summary>
    public ProcessClock Clock { get; }

    /// <summary>
    /// Reason why this node's clock cannot be trusted: every owner that replied recently has a time that differs by
    /// more than a second. Null if it can be trusted. Requests are still sent, so that a corrected clock is noticed.
    /// </summary>
    public string? ClockFault => Clock.Fault ?? _lines.ClockFault;

    /// <inheritdoc/>
    public ValueTask<LimitDecision> AcquireAsync(LimitRequest request, CancellationToken cancellationToken) =>
        Clock.Reason is { } reason
            ? new(RefusalText.Unavailable(reason))
            : _taker.AcquireAsync(request, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LimitDecision> PeekAsync(LimitRequest request, CancellationToken cancellationToken) =>
        _taker.PeekAsync(request, cancellationToken);

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(Permit permit, CancellationToken cancellationToken) =>
        _taker.ReleaseAsync(permit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask RefundAsync(Permit permit, CancellationToken cancellationToken) =>
        _taker.RefundAsync(permit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Permit> RenewAsync(Permit permit, CallId renewal) => _taker.RenewAsync(permit, renewal);

    /// <inheritdoc/>
    public bool HasRoomForSession(string grant) => _taker.HasRoomForSession(grant);

    /// <summary>Stops the timers; requests under way still complete.</summary>
    public void Dispose() => _lines.Dispose();
}
