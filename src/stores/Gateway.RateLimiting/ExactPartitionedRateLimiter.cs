using System.Threading.RateLimiting;
using Gateway.Limits.Model;

namespace Gateway.RateLimiting;

/// <summary>
/// A limiter of many counters, one for each resource that <paramref name="limitOf"/> tells apart. It holds nothing of
/// them: there is nothing to let go of, and nothing is lost where that is done.
/// </summary>
/// <param name="engine">Counts; it stays the caller's.</param>
/// <param name="clock">The engine's clock.</param>
/// <param name="limitOf">The counter of a resource; null for one that nothing limits.</param>
public sealed class ExactPartitionedRateLimiter<TResource>(
    ILimiter engine, ProcessClock clock, Func<TResource, ExactLimit?> limitOf) : PartitionedRateLimiter<TResource>
{
    private readonly ExactAcquirer _acquirer = new(engine, clock);
    private volatile bool _isDisposed;

    /// <summary>None: what a counter has left is known to the engine alone.</summary>
    public override RateLimiterStatistics? GetStatistics(TResource resource) => null;

    /// <inheritdoc/>
    protected override RateLimitLease AttemptAcquireCore(TResource resource, int permitCount) =>
        Find(resource, permitCount) is { } limit
            ? _acquirer.TakeAtOnce(limit, Amount.FromUnits(permitCount))
            : ExactLease.Admitted;

    /// <inheritdoc/>
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(
        TResource resource, int permitCount, CancellationToken cancellationToken) =>
        Find(resource, permitCount) is { } limit
            ? _acquirer.AcquireAsync(limit, Amount.FromUnits(permitCount), null, cancellationToken)
            : new(ExactLease.Admitted);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _isDisposed = true;
        base.Dispose(disposing);
    }

    private ExactLimit? Find(TResource resource, int permitCount)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var limit = limitOf(resource);
        return limit is null || permitCount <= limit.PermitLimit
            ? limit
            : throw new ArgumentOutOfRangeException(
                nameof(permitCount), permitCount, $"It is more than the limit, {limit.PermitLimit}.");
    }
}
