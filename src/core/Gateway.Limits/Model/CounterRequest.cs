namespace Gateway.Limits.Model;

/// <summary>What one call wants of one counter; its costs on that key are already summed.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Max">The maximum that the call is judged by.</param>
/// <param name="Cost">Above zero and at most <paramref name="Max"/>.</param>
/// <param name="Refundable">How much of it comes back if the server answers with an error.</param>
/// <param name="PatientUntilMs">How long the call may be kept waiting for numbers that may come back.</param>
public readonly record struct CounterRequest(
    CallId CallId,
    Amount Max,
    Amount Cost,
    Amount Refundable = default,
    long PatientUntilMs = 0)
{
    /// <summary>
    /// Of calls in flight: when the place was reserved that this one is to take the place of; 0 for a call that has
    /// none yet.
    /// </summary>
    public long RenewsMs { get; init; }
}
