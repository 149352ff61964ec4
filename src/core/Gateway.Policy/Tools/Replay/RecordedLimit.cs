using Gateway.Limits.Model;

namespace Gateway.Policy.Tools.Replay;

/// <summary>The limit that had no room for a call.</summary>
/// <param name="Counter">The counter's name as the policy writes it.</param>
/// <param name="Window">The window as the policy writes it.</param>
/// <param name="Used">The amount charged at that time.</param>
/// <param name="ResetAtMs">The end of its window, Unix milliseconds; 0 if unknown.</param>
public sealed record RecordedLimit(string Counter, string Window, Amount Used, long ResetAtMs);
