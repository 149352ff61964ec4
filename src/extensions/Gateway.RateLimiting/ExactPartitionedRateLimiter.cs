using System.Threading.RateLimiting;
using Gateway.Limits.Model;

namespace Gateway.RateLimiting;

/// <summary>
/// A limiter of many counters, one for each partition of the resources. It holds no state of the counters, so disposing
/// it loses nothing.
/// </summary>
public sealed class ExactPartitionedRateLimiter<TResource> : PartitionedRateLimiter<TResource>
{
    private readonly Func<TResource, ICountedLimit?> _limitOf;
    private volatile bool _isDisposed;

    /// <summary>Creates a limiter over a limiter in this process.</summary>
    /// <param name="engine">Counts the permits; the caller disposes it.</param>
    /// <param name="clock">The clock of <paramref name="engine"/>.</param>
    /// <param name="limitOf">Returns the counter of a resource; null for an unlimited one.</param>
    public ExactPartitionedRateLimiter(ILimiter engine, ProcessClock clock, Func<TResource, ExactLimit?> limitOf)
    {
        ArgumentNullException.ThrowIfNull(limitOf);
        var acquirer = new ExactAcquirer(engine, clock);
        _limitOf = resource => limitOf(resource) is { } limit ? new EngineLimit(acquirer, limit) : null;
    }

    /// <summary>Creates a limiter over budgets of a running gateway.</summary>
    /// <param name="budgetOf">Returns the budget of a resource; null for an unlimited one.</param>
    public ExactPartitionedRateLimiter(Func<TResource, GatewayBudget?> budgetOf)
    {
        ArgumentNullException.ThrowIfNull(budgetOf);
        _limitOf = budgetOf;
    }

    /// <summary>Returns null, because only the underlying limiter knows the room of its counters.</summary>
    public override RateLimiterStatistics? GetStatistics(TResource resource) => null;

    /// <inheritdoc/>
    protected override RateLimitLease AttemptAcquireCore(TResource resource, int permitCount) =>
        Find(resource, permitCount) is { } limit
            ? limit.TakeAtOnce(Amount.FromUnits(permitCount), null)
            : ExactLease.Admitted;

    /// <inheritdoc/>
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(
        TResource resource, int permitCount, CancellationToken cancellationToken) =>
        Find(resource, permitCount) is { } limit
            ? limit.AcquireAsync(Amount.FromUnits(permitCount), null, cancellationToken)
            : new(ExactLease.Admitted);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _isDisposed = true;
        base.Dispose(disposing);
    }

    private ICountedLimit? Find(TResource resource, int permitCount)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var limit = _limitOf(resource);
        return limit is null || permitCount <= limit.PermitLimit
            ? limit
            : throw new ArgumentOutOfRangeException(
                nameof(permitCount), permitCount, $"The count exceeds the limit of {limit.PermitLimit}.");
    }
}
