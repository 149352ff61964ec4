using Gateway.Limits.Counting;
using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>
/// Turns a counter's refusal into the text and figures that a caller sees. The sentence about a full window is written
/// by its kind (<see cref="IWindowKind"/>).
/// </summary>
public static class RefusalText
{
    private const string NotCounted = "(engine unavailable): ";
    private const int RetrySoonMs = 1000;
    private const int JitterMaxMs = 2000;

    /// <summary>Returns the refusal of a cost that no window can hold, so waiting would not help.</summary>
    public static LimitRefusal CostOverMax(in CounterCost cost) => new(
        cost.CostIndex,
        RefusalKind.CostOverMax,
        Amount.Zero,
        cost.Max,
        0,
        $"The cost {cost.Cost} is above the maximum {cost.Max} of counter {cost.Key.ShownName}, so a retry would fail "
            + "too.")
    {
        Max = cost.Max,
    };

    /// <summary>Returns a refusal that concerns no single counter.</summary>
    public static LimitDecision Unavailable(string why) => LimitDecision.Refuse(
        new(-1, RefusalKind.EngineUnavailable, Amount.Zero, Amount.Zero, 0, $"{NotCounted}{Cause(why)}."),
        RetrySoonMs);

    /// <summary>Returns how long the caller should wait before a retry, in milliseconds.</summary>
    /// <param name="key">The counter that refused.</param>
    /// <param name="refusal">The counter's refusal.</param>
    /// <param name="nowMs">The clock of the decision.</param>
    /// <param name="marginMs">The dead band at the edge of a window, in milliseconds.</param>
    /// <param name="salt">Seed of the jitter, which is at most a tenth of the window and 2 s.</param>
    public static long RetryAfterMs(
        CounterKey key, in CounterRefusal refusal, long nowMs, int marginMs, uint salt)
    {
        var edgeMs = key.Kind.EdgeMs(marginMs);
        var jitterMs = salt % (Math.Min(key.Window.ShortestMs / 10, JitterMaxMs) + 1);
        return refusal.Kind switch
        {
            RefusalKind.NoRoom when refusal.WindowStartMs == long.MinValue => RetrySoonMs + jitterMs,
            RefusalKind.NoRoom or RefusalKind.EngineUnavailable when IsUntilEnd(refusal) =>
                Math.Max(0, ResetAtMs(key, refusal) + edgeMs - nowMs) + jitterMs,
            RefusalKind.ClockBehind => Math.Max(0, refusal.WindowStartMs - nowMs) + jitterMs,
            RefusalKind.CostOverMax or RefusalKind.EngineUnavailable or RefusalKind.AtBound
                or RefusalKind.TooManyWaiting or RefusalKind.TooManyValues => RetrySoonMs + (salt % 100),
            _ => throw new NotSupportedException($"RefusalKind {refusal.Kind} has no case here."),
        };
    }

    /// <summary>Returns the text and figures of a counter's refusal of this cost.</summary>
    public static LimitRefusal Of(in CounterCost cost, in CounterRefusal refusal)
    {
        var key = cost.Key;
        var resetAtMs = ResetAtMs(key, refusal);
        var remaining = refusal.Used < cost.Max ? Amount.FromNano(cost.Max.Nano - refusal.Used.Nano) : Amount.Zero;
        var reason = refusal.Kind switch
        {
            RefusalKind.NoRoom => key.Kind.Explain(key, cost.Cost, cost.Max, remaining, resetAtMs),
            RefusalKind.ClockBehind =>
                $"The clock of this node is behind: counter {key.ShownName} already counts in the window that begins "
                + $"at {Window.TimeText(refusal.WindowStartMs)}.",
            RefusalKind.AtBound when key.Scope == LimitScope.Session =>
                $"Counter {key.ShownName} cannot count this call: this grant, or all grants together, have reached the "
                + "maximum number of counted sessions. Continue in an open session, or try again later.",
            RefusalKind.AtBound =>
                $"Counter {key.ShownName} cannot count this call: the maximum number of counters is reached. Try again "
                + "later.",
            RefusalKind.TooManyWaiting =>
                $"Counter {key.ShownName} cannot count this call: too many calls already wait for it. Try again later.",
            RefusalKind.EngineUnavailable when IsUntilEnd(refusal) =>
                $"{NotCounted}counter {key.ShownName} is closed until {Window.TimeText(resetAtMs)}: earlier counts of "
                + "its window may be lost, as after a restore or a crash, so no call is admitted until then.",
            RefusalKind.CostOverMax or RefusalKind.EngineUnavailable or RefusalKind.TooManyValues =>
                $"{NotCounted}counter {key.ShownName} cannot be counted now, so the call was refused and not sent. "
                + "Try again in a few seconds; if that keeps failing, tell the operator.",
            _ => throw new NotSupportedException($"RefusalKind {refusal.Kind} has no case here."),
        };
        return new LimitRefusal(cost.CostIndex, refusal.Kind, refusal.Used, remaining, resetAtMs, reason)
        {
            Max = cost.Max,
        };
    }

    /// <summary>Returns a reason without the name of the built-in rule that it begins with, if any.</summary>
    public static string Cause(string why) =>
        why.StartsWith(NotCounted, StringComparison.Ordinal) ? why[NotCounted.Length..] : why;

    private static bool IsUntilEnd(in CounterRefusal refusal) =>
        refusal.Kind == RefusalKind.NoRoom || refusal.IsFinal;

    private static long ResetAtMs(CounterKey key, in CounterRefusal refusal) =>
        refusal.WindowStartMs == long.MinValue ? 0 : refusal.EndMs(key);
}
