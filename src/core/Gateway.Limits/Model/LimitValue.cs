namespace Gateway.Limits.Model;

/// <summary>What of a call makes a limit's counter that of one value; it never leaves the process.</summary>
/// <param name="Parts">The values, each with its length before it, so that no two lists of values are one text.</param>
/// <param name="Values">Counts the values that came in a window: windows that follow one another, whatever the limit's
/// own kind.</param>
/// <param name="ValuesMax">How many there may be.</param>
public sealed record LimitValue(ReadOnlyMemory<byte> Parts, CounterKey Values, Amount ValuesMax);
