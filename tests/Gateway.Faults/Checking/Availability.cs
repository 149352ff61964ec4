namespace Gateway.Faults.Checking;

/// <summary>When calls are served: always where no fault touches, and soon after it is healed.</summary>
internal static class Availability
{
    private const long StarvedFromMs = 500;
    private const long ControlMs = 5000;
    private const long StoreMs = 2000;

    /// <summary>After every fault, each gateway that it touched admits a call in time.</summary>
    public static IEnumerable<Violation> BackInTime(Analysis analysis)
    {
        var history = analysis.History;
        foreach (var fault in history.Faults)
        {
            // What is struck again before it could serve is evaluated by the later fault.
            foreach (var member in fault.Members.Where(member => IsProbed(history, fault, member)))
            {
                if (IsGoneMeanwhile(history, fault, member)) continue;
                var tookMs = TookMs(history, fault, member);
                var allowedMs = Analysis.BackMs
                    + history.StallBetween(fault.HealedMs, fault.HealedMs + Analysis.BackMs);
                if (tookMs <= allowedMs || IsStruckAgain(history, fault, member, fault.HealedMs + allowedMs)) continue;
                yield return new Violation(Property.BackInTime, fault.FromMs,
                    $"{member} after {fault.Kind}: {tookMs} ms, {allowedMs} allowed");
            }
        }
    }

    /// <summary>Time from the healing to the first admission there; the end of the load if there is none.</summary>
    public static long TookMs(History history, Fault fault, string member) =>
        history.Probes.Where(probe => probe.Member == member && probe.ToMs >= fault.HealedMs
                && probe.Outcome == CallOutcome.Admitted)
            .Select(probe => probe.ToMs).DefaultIfEmpty(history.LoadToMs).Min() - fault.HealedMs;

    /// <summary>The slowest gateway's time from the healing to its first admission.</summary>
    public static long BackMs(History history, Fault fault) => fault.Members
        .Where(member => HasComeBack(history, fault, member))
        .Select(member => TookMs(history, fault, member)).DefaultIfEmpty().Max();

    /// <summary>Time from the fault's beginning to the first admission after it was healed, at the slowest.</summary>
    public static long GapMs(History history, Fault fault) => fault.Members
        .Where(member => HasComeBack(history, fault, member))
        .Select(member => TookMs(history, fault, member) + fault.HealedMs - fault.FromMs).DefaultIfEmpty().Max();

    /// <summary>A call that no fault excuses was admitted or refused by a rule.</summary>
    public static IEnumerable<Violation> Always(Analysis analysis)
    {
        var history = analysis.History;
        var bad = Unexcused(history).Where(bad => !IsStarved(history, bad)).Select(bad => new Violation(
            Property.Available, bad.FromMs,
            $"{bad.Member}: {bad.Outcome} after {bad.ToMs - bad.FromMs} ms: {bad.Said ?? "no answer"}"));
        return bad.Concat(Gaps(history));
    }

    /// <summary>Calls that no fault excuses, and that this machine held up too long to be evaluated.</summary>
    public static int Starved(History history) => Unexcused(history).Count(bad => IsStarved(history, bad));

    private static IEnumerable<BadCall> Unexcused(History history)
    {
        foreach (var bad in history.BadCalls)
        {
            if (bad.FromMs < history.LoadFromMs || bad.FromMs >= history.LoadToMs) continue;
            var graceMs = Analysis.BackMs + history.StallBetween(bad.FromMs - Analysis.BackMs, bad.ToMs);
            var isExcused = history.Faults.Any(fault => fault.Touches(bad.Member)
                && bad.ToMs >= fault.FromMs && bad.FromMs <= fault.HealedMs + graceMs);
            if (!isExcused) yield return bad;
        }
    }

    /// <summary>
    /// The fleet's own time-outs are of a second; its threads waited half of one for a CPU. A gateway that was held up
    /// on its way to the control store denies at once for as long as it has not reached that, and a call that comes
    /// while its counter's record is being read is denied with those before it when the store was too late.
    /// </summary>
    private static bool IsStarved(History history, BadCall bad)
    {
        var beforeMs = Says("the control store has not been reached") ? ControlMs
            : Says("cannot be counted now") ? StoreMs : 0;
        return history.StallBetween(bad.FromMs - beforeMs, bad.ToMs) >= StarvedFromMs;

        bool Says(string words) => bad.Said?.Contains(words, StringComparison.Ordinal) == true;
    }

    /// <summary>Times without an admission at a gateway that nothing touched.</summary>
    private static IEnumerable<Violation> Gaps(History history)
    {
        foreach (var probes in history.Probes.GroupBy(probe => probe.Member))
        {
            var sinceMs = history.LoadFromMs;
            var admitted = probes.Where(probe => probe.Outcome == CallOutcome.Admitted);
            foreach (var probe in admitted.OrderBy(probe => probe.ToMs))
            {
                var (fromMs, toMs) = (sinceMs, probe.ToMs);
                sinceMs = probe.ToMs;
                var allowedMs = Analysis.BackMs + history.StallBetween(fromMs, toMs);
                // Nobody calls a gateway that ends in good order, or that is not there yet.
                var wasCalled = toMs - probe.FromMs > allowedMs;
                if (toMs - fromMs <= allowedMs || !wasCalled || fromMs < history.LoadFromMs) continue;
                if (history.Faults.Any(fault => fault.Touches(probes.Key)
                    && fault.FromMs <= toMs && fault.HealedMs + Analysis.BackMs >= fromMs)) continue;
                yield return new Violation(Property.Available, fromMs,
                    $"{probes.Key}: nothing admitted for {toMs - fromMs} ms, {allowedMs} allowed; "
                    + $"the last call took {toMs - probe.FromMs} ms");
            }
        }
    }

    /// <summary>Whether what it took says something: it is called, and nothing else kept it from serving.</summary>
    private static bool HasComeBack(History history, Fault fault, string member) =>
        IsProbed(history, fault, member) && !IsGoneMeanwhile(history, fault, member)
        && !IsStruckAgain(history, fault, member, fault.HealedMs + TookMs(history, fault, member));

    /// <summary>A gateway that serves nobody, as a spare one, cannot be late.</summary>
    private static bool IsProbed(History history, Fault fault, string member) => history.Probes.Any(probe =>
        probe.Member == member && probe.ToMs >= fault.FromMs && probe.FromMs <= fault.HealedMs + Analysis.BackMs);

    /// <summary>A spare one that another fault took away side by side with this one cannot come back.</summary>
    private static bool IsGoneMeanwhile(History history, Fault fault, string member) =>
        history.Faults.Any(other => other.Gone.Contains(member)
            && other.FromMs <= fault.HealedMs + Analysis.BackMs && other.HealedMs >= fault.FromMs);

    private static bool IsStruckAgain(History history, Fault fault, string member, long untilMs) =>
        history.Faults.Any(other => other != fault && other.Touches(member)
            && other.FromMs <= untilMs && other.HealedMs > fault.HealedMs);
}
