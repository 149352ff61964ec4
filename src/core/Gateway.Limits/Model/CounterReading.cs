namespace Gateway.Limits.Model;

/// <summary>What one counter shows to an operator.</summary>
/// <param name="Key">The counter.</param>
/// <param name="WindowStartMs">Start of the window that it is in.</param>
/// <param name="WindowEndMs">When it starts over.</param>
/// <param name="Used">What is charged in that window; what only the store knows counts as charged.</param>
/// <param name="Max">The maximum of the last call; null for a counter that no call has touched lately.</param>
public readonly record struct CounterReading(
    CounterKey Key, long WindowStartMs, long WindowEndMs, Amount Used, Amount? Max);
