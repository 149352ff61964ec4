using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>
/// Sums a call's costs per key and sorts the keys into the canonical order. Without the sum, two limits of one call on
/// one counter would be evaluated one after the other and counted only once.
/// </summary>
internal static class CostAggregation
{
    /// <summary>
    /// Writes the nonzero sums in canonical order into a buffer that has room for all costs. False if the sum at the
    /// returned index does not fit an amount.
    /// </summary>
    public static bool TrySum(
        in LimitRequest request, Span<CounterCost> sums, out int count, out int overflowIndex)
    {
        var costs = request.Costs;
        overflowIndex = -1;
        count = 0;
        for (var i = 0; i < costs.Length; i++)
        {
            ref readonly var cost = ref costs.ItemRef(i);
            if (cost.Cost == Amount.Zero) continue;
            var at = IndexOf(sums[..count], cost.Key);
            if (at < 0)
            {
                at = count++;
                for (; at > 0 && sums[at - 1].Key.CompareTo(cost.Key) > 0; at--) sums[at] = sums[at - 1];
                sums[at] = Single(cost, i, request.NowMs);
            }
            else if (!TryAdd(ref sums[at], cost, request.NowMs))
            {
                overflowIndex = i;
                return false;
            }
        }

        return true;
    }

    public static CounterCost Single(in LimitCost cost, int index, long nowMs) =>
        new(cost.Key, cost.MaxAt(nowMs), cost.Cost, cost.RefundOnError ? cost.Cost : Amount.Zero, index);

    private static int IndexOf(ReadOnlySpan<CounterCost> sums, CounterKey key)
    {
        for (var i = 0; i < sums.Length; i++)
            if (sums[i].Key == key) return i;
        return -1;
    }

    private static bool TryAdd(ref CounterCost sum, in LimitCost cost, long nowMs)
    {
        if (!Amount.TryAdd(sum.Cost, cost.Cost, out var total)) return false;
        var refundable = sum.Refundable;
        if (cost.RefundOnError && !Amount.TryAdd(refundable, cost.Cost, out refundable)) return false;
        var max = cost.MaxAt(nowMs);
        sum = sum with { Cost = total, Refundable = refundable, Max = max < sum.Max ? max : sum.Max };
        return true;
    }
}
