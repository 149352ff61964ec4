namespace Gateway.Control.Snapshots;

/// <summary>That the operator has stopped something.</summary>
/// <param name="SinceMs">When, Unix milliseconds; null where that cannot be read.</param>
/// <param name="From">Where the operator was.</param>
public sealed record Pause(long? SinceMs, string? From);
