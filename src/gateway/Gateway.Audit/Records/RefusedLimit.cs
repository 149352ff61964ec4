using Gateway.Limits.Model;

namespace Gateway.Audit.Records;

/// <summary>The limit that had no room, as it stood at the refusal.</summary>
/// <param name="Counter">The counter's name.</param>
/// <param name="Window">The window as the policy writes it; empty for calls in flight, which have none.</param>
/// <param name="Max">The most that one window admits.</param>
/// <param name="Used">What is charged in the window.</param>
/// <param name="Remaining">What is left of it.</param>
/// <param name="ResetAtMs">
/// The window's end, Unix milliseconds; of a sliding limit, when there is room for this call; 0 where nobody knows.
/// </param>
/// <param name="RetryAfterMs">When a retry may succeed, from now; null where no wait would help.</param>
public sealed record RefusedLimit(
    string Counter, string Window, Amount Max, Amount Used, Amount Remaining, long ResetAtMs, long? RetryAfterMs);
