using Gateway.Limits.Model;

namespace Gateway.Policy.Tools.Replay;

/// <summary>The limit that had no room for a call.</summary>
/// <param name="Counter">The counter's name as the policy writes it.</param>
/// <param name="Window">The window as the policy writes it.</param>
/// <param name="Used">What was charged then.</param>
/// <param name="ResetAtMs">When its window ends, Unix milliseconds; 0 where that is not known.</param>
public sealed record RecordedLimit(string Counter, string Window, Amount Used, long ResetAtMs);
