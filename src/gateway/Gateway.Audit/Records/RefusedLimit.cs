using Gateway.Limits.Model;

namespace Gateway.Audit.Records;

/// <summary>The limit that had no room, in its state at the refusal.</summary>
/// <param name="Counter">The counter's name.</param>
/// <param name="Window">The window as the policy writes it; empty for calls in flight, which have none.</param>
/// <param name="Max">The most that one window admits.</param>
/// <param name="Used">The amount charged in the window.</param>
/// <param name="Remaining">The amount left in the window.</param>
/// <param name="ResetAtMs">
/// The window's end in Unix milliseconds; for a sliding limit, the time at which it has room for this call; 0 if
/// unknown.
/// </param>
/// <param name="RetryAfterMs">
/// Delay in milliseconds after which a retry may succeed; null if waiting does not help.
/// </param>
public sealed record RefusedLimit(
    string Counter, string Window, Amount Max, Amount Used, Amount Remaining, long ResetAtMs, long? RetryAfterMs)
{
    /// <summary>True if the counter is one of a budget, not of a policy.</summary>
    public bool IsBudget { get; init; }
}
