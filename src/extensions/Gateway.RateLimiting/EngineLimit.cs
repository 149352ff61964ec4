using System.Threading.RateLimiting;
using Gateway.Limits.Model;

namespace Gateway.RateLimiting;

/// <summary>A limit that is counted by a limiter in this process.</summary>
internal sealed class EngineLimit(ExactAcquirer acquirer, ExactLimit limit) : ICountedLimit
{
    private readonly ExactLimit _limit = limit ?? throw new ArgumentNullException(nameof(limit));

    /// <inheritdoc/>
    public int PermitLimit => _limit.PermitLimit;

    /// <inheritdoc/>
    public RateLimitLease TakeAtOnce(Amount cost, Action<Amount>? seen) =>
        acquirer.TakeAtOnce(_limit, cost, decision => See(decision, seen));

    /// <inheritdoc/>
    public ValueTask<RateLimitLease> AcquireAsync(
        Amount cost, Action<Amount>? seen, CancellationToken cancellationToken) =>
        acquirer.AcquireAsync(_limit, cost, decision => See(decision, seen), cancellationToken);

    private static void See(in LimitDecision decision, Action<Amount>? seen)
    {
        var remaining = decision.Refusal is { } refusal
            ? refusal.Kind == RefusalKind.NoRoom ? refusal.Remaining : default(Amount?)
            : decision.Permit.Parts is [var part] ? part.RemainingAfter : null;
        if (remaining is { } known)
            seen?.Invoke(known);
    }
}
