namespace Gateway.Faults.Checking;

/// <summary>What reached the server: decided before, once, in its window, and never more than the maximum.</summary>
internal static class Charges
{
    private const long EpsilonMs = 250;
    private const long TransitMs = 1000;

    /// <summary>By label; the server's log says what was used.</summary>
    public static IEnumerable<Violation> WithinMax(Judgement judgement)
    {
        foreach (var window in judgement.Windows)
        {
            var most = judgement.MaximaOf(window).Max();
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
    /// Of a sliding limit, in any of its lengths. By label: whoever reserved last among some deadlines that lie within
    /// one length has counted the others, whatever the clocks said.
    /// </summary>
    public static IEnumerable<Violation> WithinSlidingMax(Judgement judgement)
    {
        foreach (var counter in judgement.Sliding.GroupBy(use => use.Charge.Key))
        {
            var limit = judgement.Workload.Tools[counter.First().Decision.Tool].Limits
                .First(limit => limit.Counter == counter.First().Charge.Counter);
            var uses = counter.Where(use => use is { Reached: not null, IsGivenBack: false })
                .OrderBy(use => use.Charge.EndMs).ToList();
            var (sum, first) = (0m, 0);
            foreach (var use in uses)
            {
                sum += use.Charge.Cost;
                for (; uses[first].Charge.EndMs <= use.Charge.EndMs - (1000 * limit.Seconds); first++)
                    sum -= uses[first].Charge.Cost;
                if (sum <= limit.Max) continue;
                yield return new Violation(Property.ChargedWithinMax, use.Reached!.AtMs,
                    $"{limit.Counter}: {sum} of {limit.Max} in {limit.Seconds} s up to {use.Charge.EndMs}");
            }
        }
    }

    public static IEnumerable<Violation> RecordedFirst(Judgement judgement)
    {
        var decided = judgement.History.Decisions.Select(decision => decision.CallId).ToHashSet();
        return judgement.History.Server.Where(call => !decided.Contains(call.CallId)).Select(call => new Violation(
            Property.RecordedFirst, call.AtMs, $"{call.Tool}, call \"{call.CallId}\" is on nobody's record"));
    }

    public static IEnumerable<Violation> ReachedOnce(Judgement judgement)
    {
        var seen = new HashSet<string>();
        return judgement.History.Server.Where(call => call.CallId.Length > 0 && !seen.Add(call.CallId))
            .Select(call => new Violation(Property.ReachedOnce, call.AtMs, $"{call.Tool}, call {call.CallId}: twice"));
    }

    /// <summary>Not before its window by more than clocks may be off; nor after it, unless held up.</summary>
    public static IEnumerable<Violation> InItsWindow(Judgement judgement)
    {
        foreach (var window in judgement.Windows)
        {
            long? lateFromMs = null;
            foreach (var use in window.Uses)
            {
                if (use.Reached is not { } reached) continue;
                var earlyMs = window.StartMs - reached.AtMs;
                if (earlyMs > EpsilonMs + 10) yield return Violated(window, reached.AtMs, $"{earlyMs} ms early");
                if (reached.AtMs <= window.EndMs + EpsilonMs + TransitMs) continue;
                lateFromMs ??= judgement.FaultsOf(window).Any()
                    ? long.MaxValue
                    : window.EndMs + EpsilonMs + TransitMs
                        + judgement.History.StallBetween(window.EndMs - 5000, window.EndMs + 5000);
                if (reached.AtMs > lateFromMs)
                    yield return Violated(window, reached.AtMs, $"{reached.AtMs - window.EndMs} ms late");
            }
        }
    }

    private static Violation Violated(WindowUse window, long atMs, string what) =>
        new(Property.InItsWindow, atMs, $"{window}: {what}");
}
