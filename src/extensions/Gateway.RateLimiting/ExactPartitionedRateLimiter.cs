using System.Threading.RateLimiting;
using Gateway.Limits.Model;

namespace Gateway.RateLimiting;

/// <summary>
/// A limiter of many counters, one for each resource that is told apart. It holds nothing of
/// them: there is nothing to let go of, and nothing is lost where that is done.
/// </summary>
public sealed class ExactPartitionedRateLimiter<TResource> : PartitionedRateLimiter<TResource>
{
    private readonly Func<TResource, ICountedLimit?> _limitOf;
    private volatile bool _isDisposed;

    /// <summary>Limits that an engine of this process counts.</summary>
    /// <param name="engine">Counts; it stays the caller's.</param>
    /// <param name="clock">The engine's clock.</param>
    /// <param name="limitOf">The counter of a resource; null for one that nothing limits.</param>
    public ExactPartitionedRateLimiter(ILimiter engine, ProcessClock clock, Func<TResource, ExactLimit?> limitOf)
    {
        ArgumentNullException.ThrowIfNull(limitOf);
        var acquirer = new ExactAcquirer(engine, clock);
        _limitOf = resource => limitOf(resource) is { } limit ? new EngineLimit(acquirer, limit) : null;
    }

    /// <summary>Budgets that a running gateway counts.</summary>
    /// <param name="budgetOf">The budget of a resource; null for one that nothing limits.</param>
    public ExactPartitionedRateLimiter(Func<TResource, GatewayBudget?> budgetOf)
    {
        ArgumentNullException.ThrowIfNull(budgetOf);
        _limitOf = budgetOf;
    }

    /// <summary>None: what a counter has left is known to the engine alone.</summary>
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
                nameof(permitCount), permitCount, $"It is more than the limit, {limit.PermitLimit}.");
    }
}
