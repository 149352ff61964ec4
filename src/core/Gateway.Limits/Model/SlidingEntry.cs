namespace Gateway.Limits.Model;

/// <summary>Numbers of a sliding limit with the same deadline.</summary>
/// <param name="DeadlineMs">
/// The deadline until which they may be used, rounded up, Unix milliseconds UTC: the last moment at which a call may
/// have been admitted with them.
/// </param>
/// <param name="Count">How many, in 10^-9 units; above zero.</param>
public readonly record struct SlidingEntry(long DeadlineMs, Int128 Count);
