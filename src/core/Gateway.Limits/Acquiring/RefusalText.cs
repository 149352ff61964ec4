using Gateway.Limits.Counting;
using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>Turns a counter's refusal into the words and figures that a caller sees.</summary>
public static class RefusalText
{
    private const string NotCounted = "(engine unavailable): ";
    private const int RetrySoonMs = 1000;
    private const int JitterMaxMs = 2000;

    /// <summary>A cost that no window can hold: no wait would help.</summary>
    public static LimitRefusal CostOverMax(in CounterCost cost) => new(
        cost.CostIndex,
        RefusalKind.CostOverMax,
        Amount.Zero,
        cost.Max,
        0,
        $"The cost {cost.Cost} is above the maximum {cost.Max} of counter {cost.Key.ShownName}: no wait would help.");

    /// <summary>A refusal that concerns no single counter; whatever it is for another's sake is said once.</summary>
    public static LimitDecision Unavailable(string why) => LimitDecision.Refuse(
        new(-1, RefusalKind.EngineUnavailable, Amount.Zero, Amount.Zero, 0, $"{NotCounted}{Cause(why)}."),
        RetrySoonMs);

    /// <summary>When it may be tried again.</summary>
    /// <param name="key">The counter that refused.</param>
    /// <param name="refusal">Its answer.</param>
    /// <param name="nowMs">The clock of the decision.</param>
    /// <param name="marginMs">The dead band at a window's edge.</param>
    /// <param name="salt">Spreads the jitter: at most a tenth of the window and 2 s.</param>
    public static long RetryAfterMs(
        CounterKey key, in CounterRefusal refusal, long nowMs, int marginMs, uint salt)
    {
        var edgeMs = key.Kind.EdgeMs(marginMs);
        var jitterMs = salt % (Math.Min(key.Window.ShortestMs / 10, JitterMaxMs) + 1);
        return refusal.Kind switch
        {
            RefusalKind.NoRoom when refusal.WindowStartMs == long.MinValue => RetrySoonMs + jitterMs,
            RefusalKind.NoRoom => Math.Max(0, ResetAtMs(key, refusal) + edgeMs - nowMs) + jitterMs,
            RefusalKind.ClockBehind => Math.Max(0, refusal.WindowStartMs - nowMs) + jitterMs,
            RefusalKind.CostOverMax or RefusalKind.EngineUnavailable or RefusalKind.AtBound
                or RefusalKind.TooManyWaiting or RefusalKind.TooManyValues => RetrySoonMs + (salt % 100),
            _ => throw new NotSupportedException($"RefusalKind {refusal.Kind} has no case here."),
        };
    }

    /// <summary>What a counter said to this cost.</summary>
    public static LimitRefusal Of(in CounterCost cost, in CounterRefusal refusal)
    {
        var key = cost.Key;
        var resetAtMs = ResetAtMs(key, refusal);
        var remaining = refusal.Used < cost.Max ? Amount.FromNano(cost.Max.Nano - refusal.Used.Nano) : Amount.Zero;
        var reason = refusal.Kind switch
        {
            RefusalKind.NoRoom => key.Kind.Explain(key, cost.Cost, cost.Max, remaining, resetAtMs),
            RefusalKind.ClockBehind =>
                $"The clock of this node is behind: counter {key.ShownName} is in the window from "
                + $"{Window.TimeText(refusal.WindowStartMs)}.",
            RefusalKind.AtBound when key.Scope == LimitScope.Session =>
                $"Counter {key.ShownName} cannot be counted: as many sessions are counted as may be, of this grant or "
                + "of all. Go on in a session that is open, or try later.",
            RefusalKind.AtBound =>
                $"Counter {key.ShownName} cannot be counted: there are as many counters as may be.",
            RefusalKind.TooManyWaiting =>
                $"Counter {key.ShownName} cannot be counted: it has as many waiting calls as it may.",
            RefusalKind.CostOverMax or RefusalKind.EngineUnavailable or RefusalKind.TooManyValues =>
                $"{NotCounted}counter {key.ShownName} cannot be counted now, so the call is not let through.",
            _ => throw new NotSupportedException($"RefusalKind {refusal.Kind} has no case here."),
        };
        return new LimitRefusal(cost.CostIndex, refusal.Kind, refusal.Used, remaining, resetAtMs, reason);
    }

    private static string Cause(string why) =>
        why.StartsWith(NotCounted, StringComparison.Ordinal) ? why[NotCounted.Length..] : why;

    private static long ResetAtMs(CounterKey key, in CounterRefusal refusal) =>
        refusal.WindowStartMs == long.MinValue ? 0 : refusal.EndMs(key);
}
