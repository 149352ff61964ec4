namespace Gateway.Limits.Model;

/// <summary>The cost of one call on one counter.</summary>
/// <param name="Key">The counter.</param>
/// <param name="Max">
/// The maximum of one window, as the current policy defines it; a counter holds no policy of its own.
/// </param>
/// <param name="Cost">The amount that the call counts; zero takes nothing and writes nothing.</param>
/// <param name="RefundOnError">True if the cost is given back when the server responds with an error.</param>
/// <param name="Value">
/// The value that is counted separately, on its own counter whose identity begins like <paramref name="Key"/>; null for
/// a limit that counts all calls together.
/// </param>
public readonly record struct LimitCost(
    CounterKey Key, Amount Max, Amount Cost, bool RefundOnError = false, LimitValue? Value = null)
{
    /// <summary>Returns true if the cost was taken from this counter.</summary>
    public bool IsOn(CounterKey counter) =>
        Value is null ? Key.Equals(counter) : counter is not null && counter.IsOfValueOf(Key);
}
