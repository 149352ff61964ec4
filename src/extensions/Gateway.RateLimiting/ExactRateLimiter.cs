using System.Threading.RateLimiting;
using Gateway.Limits.Model;

namespace Gateway.RateLimiting;

/// <summary>
/// A limiter whose counts are exact across all processes over the same store, and survive this process. It never
/// queues: a request without room fails at once, with the time after which to retry.
/// </summary>
public sealed class ExactRateLimiter : RateLimiter
{
    private readonly ICountedLimit _limit;
    private readonly TimeProvider _time;
    private long _available;
    private long _succeeded;
    private long _failed;
    private long _lastUse;
    private volatile bool _isDisposed;

    /// <summary>Creates a limiter of one counter.</summary>
    /// <param name="engine">Counts the permits; the caller disposes it.</param>
    /// <param name="clock">The clock of <paramref name="engine"/>.</param>
    /// <param name="limit">The counter.</param>
    /// <param name="time">Time for <see cref="IdleDuration"/>; null for the system's.</param>
    public ExactRateLimiter(ILimiter engine, ProcessClock clock, ExactLimit limit, TimeProvider? time = null)
        : this(new EngineLimit(new ExactAcquirer(engine, clock), limit), time)
    {
    }

    /// <summary>Creates a limiter of one budget of a running gateway.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="time">Time for <see cref="IdleDuration"/>; null for the system's.</param>
    public ExactRateLimiter(GatewayBudget budget, TimeProvider? time = null)
        : this((ICountedLimit)budget, time)
    {
    }

    private ExactRateLimiter(ICountedLimit limit, TimeProvider? time)
    {
        ArgumentNullException.ThrowIfNull(limit);
        (_limit, _time) = (limit, time ?? TimeProvider.System);
        (_available, _lastUse) = (limit.PermitLimit, _time.GetTimestamp());
    }

    /// <summary>Time since the last request. Disposing an idle limiter loses no count.</summary>
    public override TimeSpan? IdleDuration => _time.GetElapsedTime(Interlocked.Read(ref _lastUse));

    /// <summary>Returns the room as of the last decision; other processes may have used some of it since.</summary>
    public override RateLimiterStatistics GetStatistics()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new()
        {
            CurrentAvailablePermits = Interlocked.Read(ref _available),
            CurrentQueuedCount = 0,
            TotalSuccessfulLeases = Interlocked.Read(ref _succeeded),
            TotalFailedLeases = Interlocked.Read(ref _failed),
        };
    }

    /// <summary>Acquires a cost that is not a whole number, such as an amount of money.</summary>
    public async ValueTask<RateLimitLease> AcquireAsync(Amount cost, CancellationToken cancellationToken = default)
    {
        Begin();
        return Count(await _limit.AcquireAsync(cost, See, cancellationToken));
    }

    /// <inheritdoc/>
    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        Begin(permitCount);
        var lease = _limit.TakeAtOnce(Amount.FromUnits(permitCount), See);
        // A caller that can wait makes a second request, which is counted then.
        return ReferenceEquals(lease, ExactLease.NotAtHand) ? lease : Count(lease);
    }

    /// <inheritdoc/>
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        Begin(permitCount);
        return AcquireAsync(Amount.FromUnits(permitCount), cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _isDisposed = true;
        base.Dispose(disposing);
    }

    private void Begin(int permitCount = 0)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (permitCount > _limit.PermitLimit)
        {
            throw new ArgumentOutOfRangeException(
                nameof(permitCount), permitCount, $"The count exceeds the limit of {_limit.PermitLimit}.");
        }

        Interlocked.Exchange(ref _lastUse, _time.GetTimestamp());
    }

    private RateLimitLease Count(RateLimitLease lease)
    {
        Interlocked.Increment(ref lease.IsAcquired ? ref _succeeded : ref _failed);
        return lease;
    }

    private void See(Amount remaining) =>
        Interlocked.Exchange(ref _available, (long)(remaining.Nano / Amount.One.Nano));
}
