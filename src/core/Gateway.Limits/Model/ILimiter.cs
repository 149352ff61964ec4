namespace Gateway.Limits.Model;

/// <summary>
/// The interface between a call and its counters. Expected failures (no room, store unreachable, clock behind) are
/// refusals with a reason; only cancellation throws.
/// </summary>
public interface ILimiter
{
    /// <summary>Takes every cost of the request, or none.</summary>
    ValueTask<LimitDecision> AcquireAsync(LimitRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Returns the decision that <see cref="AcquireAsync"/> would make, without taking anything; the permit cannot be
    /// spent.
    /// </summary>
    ValueTask<LimitDecision> PeekAsync(LimitRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Gives everything back. Only for a permit that was not spent, or whose call is known to have sent no byte.
    /// Idempotent; a release that comes too late is ignored, and the cost stays counted.
    /// </summary>
    ValueTask ReleaseAsync(Permit permit, CancellationToken cancellationToken);

    /// <summary>
    /// Gives back the costs with <see cref="LimitCost.RefundOnError"/> to the same window, after an error response.
    /// Idempotent; a refund after the window's end is ignored.
    /// </summary>
    ValueTask RefundAsync(Permit permit, CancellationToken cancellationToken);

    /// <summary>
    /// Renews the slot of a call in flight. A permit for a slot has only that part and is never spent. The returned
    /// permit replaces the given one; it is missing if the slot could not be renewed, and the given permit then stays
    /// valid.
    /// </summary>
    /// <param name="permit">The permit of the slot.</param>
    /// <param name="renewal">The id of the renewal, constant across attempts until one gets a reply.</param>
    ValueTask<Permit> RenewAsync(Permit permit, CallId renewal);

    /// <summary>
    /// Returns false while counters of new sessions of this grant are refused because there are too many. A session
    /// opened now could not be counted.
    /// </summary>
    bool HasRoomForSession(string grant) => true;
}
