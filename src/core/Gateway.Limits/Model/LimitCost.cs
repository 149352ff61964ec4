namespace Gateway.Limits.Model;

/// <summary>What one call counts on one counter.</summary>
/// <param name="Key">The counter.</param>
/// <param name="Max">
/// The most that one window admits, as the policy says now; a counter holds no policy of its own.
/// </param>
/// <param name="Cost">What the call counts; zero takes nothing and writes nothing.</param>
/// <param name="RefundOnError">Whether the cost is given back when the server answers with an error.</param>
public readonly record struct LimitCost(CounterKey Key, Amount Max, Amount Cost, bool RefundOnError = false);
