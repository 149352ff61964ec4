namespace Gateway.Limits.Model;

/// <summary>
/// The seam between a call and its counters. Expected failures (no room, store out of reach, clock behind) are refusals
/// with a reason; only cancellation throws.
/// </summary>
public interface ILimiter
{
    /// <summary>Takes every cost of the request, or none.</summary>
    ValueTask<LimitDecision> AcquireAsync(LimitRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Says what <see cref="AcquireAsync"/> would, without taking anything; the permit cannot be spent.
    /// </summary>
    ValueTask<LimitDecision> PeekAsync(LimitRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Gives everything back. Only for a permit that was not spent, or whose call is known to have sent no byte.
    /// Idempotent; what comes too late is ignored and stays counted.
    /// </summary>
    ValueTask ReleaseAsync(Permit permit, CancellationToken cancellationToken);

    /// <summary>
    /// Gives back what <see cref="LimitCost.RefundOnError"/> says, to the same window, once an error answer was
    /// received. Idempotent; what comes after the window's end is ignored.
    /// </summary>
    ValueTask RefundAsync(Permit permit, CancellationToken cancellationToken);

    /// <summary>
    /// Renews the place of a call in flight; a permit for it has that part alone, and is never spent. What comes back
    /// takes the place of the permit; it is missing where the place could not be renewed, and the permit then stands.
    /// </summary>
    /// <param name="permit">The place.</param>
    /// <param name="renewal">The same for each attempt until one is answered.</param>
    ValueTask<Permit> RenewAsync(Permit permit, CallId renewal);

    /// <summary>
    /// False while counters of new sessions of this grant are refused, as there are too many: a session that is opened
    /// now could not be counted.
    /// </summary>
    bool HasRoomForSession(string grant) => true;
}
