using Gateway.Control.Options;
using Gateway.Limits.Acquiring;
using Gateway.Limits.Model;
using Microsoft.Extensions.Logging;

namespace Gateway.Orleans.Client;

/// <summary>
/// The limiter of a frontend in a cluster: takes a call's limits one after the other, each from the grain that owns its
/// counter. A frontend that dies in between wastes numbers of that window and never admits too many.
/// </summary>
/// <remarks>It fails closed: an owner that does not answer in time, or cannot be reached, denies.</remarks>
public sealed class ClusterEngine : ILimiter, IDisposable
{
    private readonly CounterChannels _lines;
    private readonly LimitAcquirer _taker;

    /// <summary>A limiter over the counters of one cluster.</summary>
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

    /// <summary>The clock to read once for each decision.</summary>
    public ProcessClock Clock { get; }

    /// <summary>
    /// Why this node's clock cannot be trusted: every owner that answered lately has another time, by more than a
    /// second. Null while it can. Calls are still asked about, so that it is noticed when the clock was set right.
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

    /// <summary>Ends the timers; what is under way is answered.</summary>
    public void Dispose() => _lines.Dispose();
}
