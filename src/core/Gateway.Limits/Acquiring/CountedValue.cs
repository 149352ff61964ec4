using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>One value of a call that is counted separately.</summary>
/// <param name="CostIndex">The first cost of the call that names it.</param>
/// <param name="Counter">The counter of the value.</param>
/// <param name="Value">The limit on the number of distinct values.</param>
internal sealed record CountedValue(int CostIndex, ValueCounter Counter, LimitValue Value)
{
    /// <summary>Returns the start of the window that contains this instant.</summary>
    public long StartMs(long nowMs) => Value.Values.Window.StartMs(nowMs);

    /// <summary>Returns the request that counts the value among the values that a window may have.</summary>
    public LimitRequest Entry(long nowMs) =>
        new(CallId.New(), nowMs, [new LimitCost(Value.Values, Value.ValuesMax, Amount.One)]);
}
