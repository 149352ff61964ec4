using Gateway.Limits.Counting;
using Gateway.Limits.Owning;
using Gateway.Limits.Taking;

namespace Gateway.Limits.Fleet;

/// <summary>
/// The exact engine of one process among several over one store. Each reserves exactly what its waiting calls need,
/// many of them in one write, so that nothing is stranded in a process that does not need it: together they admit as
/// much as one would, and never more.
/// </summary>
public sealed class FleetLimiter : ILimiter, IAsyncDisposable
{
    private const int LetGoEveryMs = 5000;

    private readonly FleetLimiterOptions _options;
    private readonly CounterTable _counters;
    private readonly LimitTaker _taker;
    private readonly ITimer _timer;

    /// <summary>Counts over this store, which stays its opener's to close, after this.</summary>
    /// <param name="store">The store that the fleet shares.</param>
    /// <param name="clock">The clock to read once for each decision; the store compares it with its own.</param>
    /// <param name="time">Measures waiting.</param>
    /// <param name="options">How it runs.</param>
    /// <exception cref="ArgumentException">The store belongs to one process.</exception>
    public FleetLimiter(IReservationStore store, ProcessClock clock, TimeProvider time, FleetLimiterOptions options)
    {
        ArgumentNullException.ThrowIfNull(store);
        if (store.HasSoleOwner) throw new ArgumentException("A store of one process has no fleet.", nameof(store));
        (Clock, _options) = (clock, options);
        var marginMs = options.StrictWindows ? ClockBounds.EpsilonMs : 0;
        var rules = new CounterRules { HasSoleOwner = false, MarginMs = marginMs };
        _counters = new CounterTable(store, rules, new CounterTableOptions(), time, clock.NowMs);
        _taker = new LimitTaker(_counters, new TakingOptions { MarginMs = marginMs }, time, clock.NowMs);
        var every = TimeSpan.FromMilliseconds(LetGoEveryMs);
        _timer = time.CreateTimer(
            static self => ((FleetLimiter)self!)._counters.LetGo(((FleetLimiter)self).Clock.NowMs()),
            this, every, every);
    }

    /// <summary>The clock to read once for each decision.</summary>
    public ProcessClock Clock { get; }

    /// <summary>False while calls are denied because of the engine itself; <see cref="Fault"/> says why.</summary>
    public bool IsHealthy => Fault is null;

    /// <summary>Why the engine denies; null while all is well.</summary>
    public string? Fault =>
        _options.StoreFault() ?? (Clock.IsTrusted ? null : "the clock of this node jumped forward");

    /// <summary>What was done with the store so far.</summary>
    public LimiterFigures Figures => _counters.Figures;

    /// <inheritdoc/>
    public ValueTask<LimitDecision> AcquireAsync(LimitRequest request, CancellationToken cancellationToken) =>
        IsDenied(request, out var denial) ? new(denial) : _taker.AcquireAsync(request, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LimitDecision> PeekAsync(LimitRequest request, CancellationToken cancellationToken) =>
        IsDenied(request, out var denial) ? new(denial) : _taker.PeekAsync(request, cancellationToken);

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(Permit permit, CancellationToken cancellationToken) =>
        _taker.ReleaseAsync(permit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask RefundAsync(Permit permit, CancellationToken cancellationToken) =>
        _taker.RefundAsync(permit, cancellationToken);

    /// <summary>Hands back what was reserved and not given out, as far as the store still takes it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _counters.HandBackAllAsync(Clock.NowMs());
    }

    /// <summary>A call that nothing limits passes, whatever the store does.</summary>
    private bool IsDenied(LimitRequest request, out LimitDecision denial)
    {
        denial = default;
        if (request.Costs.IsDefaultOrEmpty || Fault is not { } fault) return false;
        denial = LimitDecision.Refuse(RefusalWords.Unavailable(fault.TrimEnd('.')));
        return true;
    }
}
