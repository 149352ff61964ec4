using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>One value of a call that is counted apart.</summary>
/// <param name="CostIndex">The first cost of the call that names it.</param>
/// <param name="Counter">Its counter.</param>
/// <param name="Value">What bounds the values of its limit.</param>
internal sealed record CountedValue(int CostIndex, ValueCounter Counter, LimitValue Value)
{
    /// <summary>The start of the window that this instant lies in.</summary>
    public long StartMs(long nowMs) => Value.Values.Window.StartMs(nowMs);

    /// <summary>One of the values that a window may have.</summary>
    public LimitRequest Entry(long nowMs) =>
        new(CallId.New(), nowMs, [new LimitCost(Value.Values, Value.ValuesMax, Amount.One)]);
}
