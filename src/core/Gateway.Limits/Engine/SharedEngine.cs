using Gateway.Limits.Acquiring;
using Gateway.Limits.Model;

namespace Gateway.Limits.Engine;

/// <summary>
/// The exact engine of one process among several over one store. Each reserves exactly what its waiting calls need,
/// many of them in one write, so that nothing is stranded in a process that does not need it: together they admit as
/// much as one would, and never more.
/// </summary>
public sealed class SharedEngine : ILimiter, IAsyncDisposable
{
    private readonly LocalEngine _limiter;
    private readonly SharedEngineOptions _options;

    /// <summary>Counts over this store, which stays its opener's to close, after this.</summary>
    /// <param name="store">The store that the fleet shares.</param>
    /// <param name="clock">The clock to read once for each decision; the store compares it with its own.</param>
    /// <param name="time">Measures waiting.</param>
    /// <param name="options">How it runs.</param>
    /// <exception cref="ArgumentException">The store belongs to one process.</exception>
    public SharedEngine(IReservationStore store, ProcessClock clock, TimeProvider time, SharedEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (store.HasSoleOwner) throw new ArgumentException("A store of one process has no fleet.", nameof(store));
        _options = options;
        // The store has time-outs of its own, which know more of what was sent.
        var counting = new LocalEngineOptions
        {
            StrictWindows = options.StrictWindows,
            Bounds = options.Bounds,
            StoreTimeoutMs = 0,
        };
        _limiter = new LocalEngine(store, counting, time, clock);
    }

    /// <summary>The clock to read once for each decision.</summary>
    public ProcessClock Clock => _limiter.Clock;

    /// <summary>False while calls are denied because of the engine itself; <see cref="Fault"/> says why.</summary>
    public bool IsHealthy => Fault is null;

    /// <summary>Why the engine denies; null while all is well.</summary>
    public string? Fault =>
        _options.StoreFault() ?? (Clock.IsTrusted ? null : "the clock of this node jumped forward");

    /// <summary>What was done with the store so far.</summary>
    public LimiterStatistics Statistics => _limiter.Statistics;

    /// <inheritdoc/>
    public ValueTask<LimitDecision> AcquireAsync(LimitRequest request, CancellationToken cancellationToken) =>
        IsDenied(request, out var denial) ? new(denial) : _limiter.AcquireAsync(request, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LimitDecision> PeekAsync(LimitRequest request, CancellationToken cancellationToken) =>
        IsDenied(request, out var denial) ? new(denial) : _limiter.PeekAsync(request, cancellationToken);

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(Permit permit, CancellationToken cancellationToken) =>
        _limiter.ReleaseAsync(permit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask RefundAsync(Permit permit, CancellationToken cancellationToken) =>
        _limiter.RefundAsync(permit, cancellationToken);

    /// <inheritdoc/>
    public bool HasRoomForSession(string grant) => _limiter.HasRoomForSession(grant);

    /// <summary>Hands back what was reserved and not given out, as far as the store still takes it.</summary>
    public ValueTask DisposeAsync() => _limiter.DisposeAsync();

    /// <summary>A call that nothing limits passes, whatever the store does.</summary>
    private bool IsDenied(LimitRequest request, out LimitDecision denial)
    {
        denial = default;
        if (request.Costs.IsDefaultOrEmpty || Fault is not { } fault) return false;
        denial = RefusalText.Unavailable(fault.TrimEnd('.'));
        return true;
    }
}
