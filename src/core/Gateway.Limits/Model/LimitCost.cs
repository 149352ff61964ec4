namespace Gateway.Limits.Model;

/// <summary>What one call counts on one counter.</summary>
/// <param name="Key">The counter.</param>
/// <param name="Max">
/// The most that one window admits, as the policy says now; a counter holds no policy of its own.
/// </param>
/// <param name="Cost">What the call counts; zero takes nothing and writes nothing.</param>
/// <param name="RefundOnError">Whether the cost is given back when the server answers with an error.</param>
/// <param name="Value">
/// The value that is counted apart, on a counter of its own whose identity begins as <paramref name="Key"/> does; null
/// for a limit that counts all calls together.
/// </param>
public readonly record struct LimitCost(
    CounterKey Key, Amount Max, Amount Cost, bool RefundOnError = false, LimitValue? Value = null)
{
    /// <summary>Whether this is the counter that the cost was taken from.</summary>
    public bool IsOn(CounterKey counter) =>
        Value is null ? Key.Equals(counter) : counter is not null && counter.IsOfValueOf(Key);
}
