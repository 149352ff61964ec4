namespace Gateway.Faults.Checking;

/// <summary>
/// Checks of the calls that reached the server: decided before, once, in their window, and never more than the maximum.
/// </summary>
internal static class Charges
{
    private const long EpsilonMs = 250;
    private const long TransitMs = 1000;

    /// <summary>Checks fixed windows by their labels; the server's log shows the use.</summary>
    public static IEnumerable<Violation> WithinMax(Analysis analysis)
    {
        foreach (var window in analysis.Windows)
        {
            var most = analysis.MaximaOf(window).Max();
            if (window.Charged > most)
            {
                yield return new Violation(
                    Property.ChargedWithinMax, window.EndMs - 1, $"{window}: {window.Charged} of {most}");
            }

            foreach (var use in window.Uses)
            {
                if (use is { Reached: not null, IsGivenBack: false, Outcome: "refunded" or "released" })
                {
                    yield return new Violation(
                        Property.ChargedWithinMax, use.Reached.AtMs, $"{window}: a free call, {use.Decision.CallId}");
                }
            }
        }
    }

    /// <summary>
    /// Checks sliding limits over every period of their length. By label: the last reservation among deadlines within
    /// one length has counted the others, regardless of the clocks.
    /// </summary>
    public static IEnumerable<Violation> WithinSlidingMax(Analysis analysis)
    {
        foreach (var (limit, counter) in Momentary(analysis, "sliding"))
        {
            var uses = counter.OrderBy(use => use.Charge.EndMs).ToList();
            var (sum, first) = (0m, 0);
            foreach (var use in uses)
            {
                sum += use.Charge.Cost;
                for (; uses[first].Charge.EndMs <= use.Charge.EndMs - (1000 * limit.Seconds); first++)
                    sum -= uses[first].Charge.Cost;
                if (sum > limit.Max) yield return Violated(limit, use, $"{sum} in {limit.Seconds} s");
            }
        }
    }

    /// <summary>
    /// Checks buckets: at most the content plus the refill. By label: the times of the records never go back, so no
    /// allowance for clocks is needed.
    /// </summary>
    public static IEnumerable<Violation> WithinBucket(Analysis analysis)
    {
        foreach (var (limit, counter) in Momentary(analysis, "bucket"))
        {
            var (missing, lastMs) = (0m, 0L);
            foreach (var use in counter.OrderBy(use => use.Charge.StartMs))
            {
                var refilled = limit.Max * (use.Charge.StartMs - lastMs) / (1000m * limit.Seconds);
                (missing, lastMs) = (Math.Max(0, missing - refilled) + use.Charge.Cost, use.Charge.StartMs);
                if (missing > limit.Max) yield return Violated(limit, use, $"{missing} missing");
            }
        }
    }

    /// <summary>Checks that no day of a time zone begins before the recorded end of the previous day.</summary>
    public static IEnumerable<Violation> DatesInTurn(Analysis analysis)
    {
        var dated = analysis.Windows.Where(window => analysis.LimitOf(window).Zone is not null);
        foreach (var counter in dated.GroupBy(window => window.Key))
        {
            var endMs = long.MinValue;
            foreach (var window in counter.OrderBy(window => window.StartMs))
            {
                if (window.StartMs < endMs)
                {
                    yield return new Violation(
                        Property.ChargedWithinMax, window.StartMs, $"{window}: {endMs - window.StartMs} ms too early");
                }

                endMs = window.EndMs;
            }
        }
    }

    private static IEnumerable<(Limit Limit, IEnumerable<Use> Uses)> Momentary(Analysis analysis, string kind) =>
        from use in analysis.Momentary
        where use is { Reached: not null, IsGivenBack: false } && analysis.LimitOf(use).Kind == kind
        group use by use.Charge.Key into counter
        select (analysis.LimitOf(counter.First()), counter.AsEnumerable());

    private static Violation Violated(Limit limit, Use use, string what) => new(
        Property.ChargedWithinMax, use.Reached!.AtMs, $"{limit.Counter}: {what} of {limit.Max}, up to {use}");

    public static IEnumerable<Violation> RecordedFirst(Analysis analysis)
    {
        var decided = analysis.History.Decisions.Select(decision => decision.CallId).ToHashSet();
        return analysis.History.Server.Where(call => !decided.Contains(call.CallId)).Select(call => new Violation(
            Property.RecordedFirst, call.AtMs, $"{call.Tool}, call \"{call.CallId}\" is on nobody's record"));
    }

    public static IEnumerable<Violation> ReachedOnce(Analysis analysis)
    {
        var seen = new HashSet<string>();
        return analysis.History.Server.Where(call => call.CallId.Length > 0 && !seen.Add(call.CallId))
            .Select(call => new Violation(Property.ReachedOnce, call.AtMs, $"{call.Tool}, call {call.CallId}: twice"));
    }

    /// <summary>
    /// Checks that calls arrive in their window: not before it by more than the bound for clocks, and not after it
    /// unless they were delayed.
    /// </summary>
    public static IEnumerable<Violation> InItsWindow(Analysis analysis)
    {
        foreach (var window in analysis.Windows)
        {
            long? lateFromMs = null;
            foreach (var use in window.Uses)
            {
                if (use.Reached is not { } reached) continue;
                var earlyMs = window.StartMs - reached.AtMs;
                if (earlyMs > EpsilonMs + 10) yield return Violated(window, reached.AtMs, $"{earlyMs} ms early");
                if (reached.AtMs <= window.EndMs + EpsilonMs + TransitMs) continue;
                lateFromMs ??= analysis.FaultsOf(window).Any()
                    ? long.MaxValue
                    : window.EndMs + EpsilonMs + TransitMs
                        + analysis.History.StallBetween(window.EndMs - 5000, window.EndMs + 5000);
                if (reached.AtMs > lateFromMs)
                    yield return Violated(window, reached.AtMs, $"{reached.AtMs - window.EndMs} ms late");
            }
        }
    }

    private static Violation Violated(WindowUse window, long atMs, string what) =>
        new(Property.InItsWindow, atMs, $"{window}: {what}");
}
