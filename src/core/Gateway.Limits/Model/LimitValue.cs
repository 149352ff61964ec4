namespace Gateway.Limits.Model;

/// <summary>The value of a call that selects a limit's per-value counter. It never leaves the process.</summary>
/// <param name="Parts">
/// The values, each with its length before it, so that two different lists of values never have the same text.
/// </param>
/// <param name="Values">
/// The counter of the distinct values in a window. Its windows follow one another, whatever the limit's own kind.
/// </param>
/// <param name="ValuesMax">Maximum number of distinct values.</param>
public sealed record LimitValue(ReadOnlyMemory<byte> Parts, CounterKey Values, Amount ValuesMax);
