using System.Collections.Immutable;
using Gateway.Limits.Acquiring;
using Gateway.Limits.Model;

namespace Gateway.Control.Fleet;

/// <summary>
/// Limits every request to the smallest maximum in the configuration files of all frontends. A request is refused if
/// another frontend does not count it on the same counter.
/// </summary>
public sealed class AgreedLimiter(ILimiter limiter, FleetStanding fleet) : ILimiter
{
    /// <inheritdoc/>
    public ValueTask<LimitDecision> AcquireAsync(LimitRequest request, CancellationToken cancellationToken) =>
        fleet.Limits.IsEmpty ? limiter.AcquireAsync(request, cancellationToken)
        : Hold(ref request) is { } refusal ? new(refusal)
        : limiter.AcquireAsync(request, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LimitDecision> PeekAsync(LimitRequest request, CancellationToken cancellationToken) =>
        fleet.Limits.IsEmpty ? limiter.PeekAsync(request, cancellationToken)
        : Hold(ref request) is { } refusal ? new(refusal)
        : limiter.PeekAsync(request, cancellationToken);

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(Permit permit, CancellationToken cancellationToken) =>
        limiter.ReleaseAsync(permit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask RefundAsync(Permit permit, CancellationToken cancellationToken) =>
        limiter.RefundAsync(permit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Permit> RenewAsync(Permit permit, CallId renewal) => limiter.RenewAsync(permit, renewal);

    /// <inheritdoc/>
    public bool HasRoomForSession(string grant) => limiter.HasRoomForSession(grant);

    private LimitDecision? Hold(ref LimitRequest request)
    {
        if (request.Costs.IsDefaultOrEmpty)
            return null;
        var limits = fleet.Limits;
        ImmutableArray<LimitCost>.Builder? held = null;
        for (var i = 0; i < request.Costs.Length; i++)
        {
            var cost = request.Costs[i];
            var id = FleetLimits.IdOf(cost.Key);
            if (limits.ProblemOf(id) is { } problem)
                return RefusalText.Unavailable(problem);
            var wanted = cost.MaxAt(request.NowMs);
            var max = limits.MaxOf(id, wanted);
            if (max == wanted)
                continue;
            held ??= request.Costs.ToBuilder();
            held[i] = cost with { Max = max, Raises = [] };
        }

        if (held is not null)
            request = request with { Costs = held.MoveToImmutable() };
        return null;
    }
}
