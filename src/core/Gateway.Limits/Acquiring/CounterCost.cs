using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>The total that one call counts on one key.</summary>
/// <param name="Key">The counter.</param>
/// <param name="Max">The lowest maximum that the call names for it.</param>
/// <param name="Cost">The sum of its costs.</param>
/// <param name="Refundable">The part of the cost that is given back if the server returns an error.</param>
/// <param name="CostIndex">The first entry of the request that names it.</param>
public readonly record struct CounterCost(CounterKey Key, Amount Max, Amount Cost, Amount Refundable, int CostIndex);
