namespace Gateway.Limits.Model;

/// <summary>Numbers of a sliding limit that may be used until the same moment.</summary>
/// <param name="DeadlineMs">
/// Until when they may be used, rounded up, Unix milliseconds UTC: the last moment at which a call may have been let
/// through on them.
/// </param>
/// <param name="Count">How many, in 10^-9 units; above zero.</param>
public readonly record struct SlidingEntry(long DeadlineMs, Int128 Count);
