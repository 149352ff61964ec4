namespace Gateway.Limits.Taking;

/// <summary>Everything that one call counts on one key.</summary>
/// <param name="Key">The counter.</param>
/// <param name="Max">The lowest maximum that the call names for it.</param>
/// <param name="Cost">The sum of its costs.</param>
/// <param name="Refundable">How much of that is given back on an error.</param>
/// <param name="CostIndex">The first entry of the request that names it.</param>
internal readonly record struct SummedCost(CounterKey Key, Amount Max, Amount Cost, Amount Refundable, int CostIndex);
