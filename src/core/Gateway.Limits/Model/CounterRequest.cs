namespace Gateway.Limits.Model;

/// <summary>A call's request to one counter; its costs on that key are already summed.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Max">The maximum that the call is evaluated against.</param>
/// <param name="Cost">Above zero and at most <paramref name="Max"/>.</param>
/// <param name="Refundable">The part of the cost that comes back if the server responds with an error.</param>
/// <param name="PatientUntilMs">
/// The time until which the call may be kept waiting for numbers that may come back.
/// </param>
public readonly record struct CounterRequest(
    CallId CallId,
    Amount Max,
    Amount Cost,
    Amount Refundable = default,
    long PatientUntilMs = 0)
{
    /// <summary>
    /// For calls in flight: the reservation time of the slot that this one replaces; 0 for a call that has none yet.
    /// </summary>
    public long RenewsMs { get; init; }
}
