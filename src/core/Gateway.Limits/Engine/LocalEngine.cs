using Gateway.Limits.Acquiring;
using Gateway.Limits.Counting;
using Gateway.Limits.Model;

namespace Gateway.Limits.Engine;

/// <summary>
/// The exact engine over any reservation store. Where several processes share the store, each reserves exactly what its
/// calls need, so that a limit is exact however many of them run.
/// </summary>
public class LocalEngine : ILimiter, IAsyncDisposable
{
    private const int EvictEveryMs = 5000;

    private readonly CounterTable _counters;
    private readonly LimitAcquirer _taker;
    private readonly ITimer _timer;
    private readonly Func<string?>? _storeFault;

    /// <summary>Starts an engine. The store stays the caller's.</summary>
    /// <param name="store">Where reservations live.</param>
    /// <param name="options">Bounds and times.</param>
    /// <param name="time">For waiting.</param>
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

    /// <summary>Why the engine denies; null while all is well.</summary>
    public virtual string? Fault => _storeFault?.Invoke() ?? Clock.Fault;

    /// <summary>Counters in memory.</summary>
    public int CountersInMemory => _counters.Count;

    /// <summary>What was done with the store so far.</summary>
    public LimiterStatistics Statistics => _counters.Statistics;

    /// <summary>The reason as a caller reads it, without the ways out, which are the operator's.</summary>
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
    /// Hands back what was reserved and not given out. Calls that come later are denied by the store's end.
    /// </summary>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _timer.DisposeAsync();
        await _counters.ReturnAllUnissuedAsync(Clock.NowMs());
    }

    /// <summary>A call that nothing limits passes, whatever the store does.</summary>
    private bool IsDenied(in LimitRequest request, out LimitDecision denial)
    {
        denial = default;
        if (Obstacle is not { } fault || (Clock.IsTrusted && request.Costs.IsDefaultOrEmpty)) return false;
        denial = RefusalText.Unavailable(fault.TrimEnd('.'));
        return true;
    }

    /// <summary>Lets go of what is over or idle; a timer does it too.</summary>
    internal void Evict() => _counters.Evict(Clock.NowMs());
}
