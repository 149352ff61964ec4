using System.Globalization;
using Gateway.Limits.Counting;

namespace Gateway.Limits.Taking;

/// <summary>Turns a counter's refusal into the words and figures that a caller sees.</summary>
internal static class RefusalWords
{
    private const int RetrySoonMs = 1000;
    private const int JitterMaxMs = 2000;

    /// <summary>A cost that no window can hold: no wait would help.</summary>
    public static LimitRefusal CostOverMax(in SummedCost cost) => new(
        cost.CostIndex,
        RefusalKind.CostOverMax,
        Amount.Zero,
        cost.Max,
        0,
        null,
        $"The cost {cost.Cost} is above the maximum {cost.Max} of counter {cost.Key.Counter}: no wait would help.");

    /// <summary>A refusal that concerns no single counter.</summary>
    public static LimitRefusal Unavailable(string why) => new(
        -1, RefusalKind.EngineUnavailable, Amount.Zero, Amount.Zero, 0, RetrySoonMs, $"(engine unavailable): {why}.");

    /// <summary>What a counter said.</summary>
    /// <param name="cost">What was asked of it.</param>
    /// <param name="refusal">Its answer.</param>
    /// <param name="nowMs">The clock of the decision.</param>
    /// <param name="marginMs">The dead band at a window's edge.</param>
    /// <param name="salt">Spreads the jitter: at most a tenth of the window and 2 s.</param>
    public static LimitRefusal Of(
        in SummedCost cost, in CounterRefusal refusal, long nowMs, int marginMs, uint salt)
    {
        var key = cost.Key;
        var hasWindow = refusal.WindowStartMs != long.MinValue;
        var resetAtMs = hasWindow ? key.Window.EndMs(refusal.WindowStartMs) : 0;
        var isSliding = key.Kind == LimitKind.Sliding;
        var remaining = refusal.Used < cost.Max ? Amount.FromNano(cost.Max.Nano - refusal.Used.Nano) : Amount.Zero;
        var jitterMs = salt % (Math.Min(key.Window.ShortestMs / 10, JitterMaxMs) + 1);
        var retryAfterMs = refusal.Kind switch
        {
            RefusalKind.NoRoom => Math.Max(0, resetAtMs + (isSliding ? 0 : marginMs) - nowMs) + jitterMs,
            RefusalKind.ClockBehind => Math.Max(0, refusal.WindowStartMs - nowMs) + jitterMs,
            _ => RetrySoonMs + (salt % 100),
        };
        var reason = refusal.Kind switch
        {
            RefusalKind.NoRoom when isSliding =>
                $"Counter {key.Counter} has {remaining} of {cost.Max} left in any {key.Window}, {cost.Cost} needed; "
                + $"there is room at {Time(resetAtMs + 999)}.",
            RefusalKind.NoRoom =>
                $"Counter {key.Counter} has {remaining} of {cost.Max} left in this window ({key.Window}), "
                + $"{cost.Cost} needed; it resets at {Time(resetAtMs)}.",
            RefusalKind.ClockBehind =>
                $"The clock of this node is behind: counter {key.Counter} is in the window from "
                + $"{Time(refusal.WindowStartMs)}.",
            RefusalKind.AtBound =>
                $"Counter {key.Counter} cannot be counted: the engine has as many counters or waiting calls as it may.",
            _ => $"(engine unavailable): counter {key.Counter} cannot be counted now, so the call is not let through.",
        };
        return new LimitRefusal(
            cost.CostIndex, refusal.Kind, refusal.Used, remaining, resetAtMs, retryAfterMs, reason);
    }

    private static string Time(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
