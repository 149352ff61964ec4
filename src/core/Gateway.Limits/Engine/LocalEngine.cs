using Gateway.Limits.Acquiring;
using Gateway.Limits.Counting;
using Gateway.Limits.Model;

namespace Gateway.Limits.Engine;

/// <summary>
/// The exact engine over any reservation store. Where several processes share the store, each reserves exactly the
/// numbers that its calls need, so that a limit is exact no matter how many processes run.
/// </summary>
public class LocalEngine : ILimiter, IAsyncDisposable
{
    private const int EvictEveryMs = 5000;

    private readonly CounterTable _counters;
    private readonly LimitAcquirer _taker;
    private readonly ITimer _timer;
    private readonly Func<string?>? _storeFault;

    /// <summary>Starts an engine. The caller keeps ownership of the store.</summary>
    /// <param name="store">The store of the reservations.</param>
    /// <param name="options">Bounds and times.</param>
    /// <param name="time">The provider of timers.</param>
    /// <param name="clock">The clock of this process; callers read it once for each decision.</param>
    public LocalEngine(IReservationStore store, LocalEngineOptions options, TimeProvider time, ProcessClock clock)
    {
        (Clock, _storeFault) = (clock, options.StoreFault);
        var marginMs = options.StrictWindows ? ClockBounds.EpsilonMs : 0;
        var rules = new CounterRules
        {
            HasSoleOwner = store.HasSoleOwner,
            MarginMs = marginMs,
            WaitersMax = options.WaitersMax,
            BlockLeastPart = options.BlockLeastPart,
            Nonces = options.Nonces,
        };
        var taking = new AcquiringOptions { MarginMs = marginMs, DeferMs = options.DeferMs };
        _counters = new CounterTable(store, rules, options, time, clock.NowMs);
        _taker = new LimitAcquirer(_counters, taking, time, clock.NowMs);
        var every = TimeSpan.FromMilliseconds(EvictEveryMs);
        _timer = time.CreateTimer(static self => ((LocalEngine)self!).Evict(), this, every, every);
    }

    /// <summary>The clock to read once for each decision.</summary>
    public ProcessClock Clock { get; }

    /// <summary>The reason why the engine denies calls; null while it does not.</summary>
    public virtual string? Fault => _storeFault?.Invoke() ?? Clock.Fault;

    /// <summary>Number of counters in memory.</summary>
    public int CountersInMemory => _counters.Count;

    /// <summary>Statistics of the use of the store so far.</summary>
    public LimiterStatistics Statistics => _counters.Statistics;

    /// <summary>The reason as shown to a caller, without the remedies, which are for the operator.</summary>
    private string? Obstacle => _storeFault?.Invoke() ?? Clock.Reason;

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

    /// <inheritdoc/>
    public ValueTask<Permit> RenewAsync(Permit permit, CallId renewal) => _taker.RenewAsync(permit, renewal);

    /// <inheritdoc/>
    public bool HasRoomForSession(string grant) => _taker.HasRoomForSession(grant);

    /// <summary>
    /// Returns the numbers that were reserved and not given out. Later calls are denied because the store is closed.
    /// </summary>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _timer.DisposeAsync();
        await _counters.ReturnAllUnissuedAsync(Clock.NowMs());
    }

    /// <summary>Denies a call while the engine has a fault; a call without limits passes in any case.</summary>
    private bool IsDenied(in LimitRequest request, out LimitDecision denial)
    {
        denial = default;
        if (Obstacle is not { } fault || (Clock.IsTrusted && request.Costs.IsDefaultOrEmpty)) return false;
        denial = RefusalText.Unavailable(fault.TrimEnd('.'));
        return true;
    }

    /// <summary>Evicts counters that are expired or idle; a timer does so too.</summary>
    internal void Evict() => _counters.Evict(Clock.NowMs());
}
