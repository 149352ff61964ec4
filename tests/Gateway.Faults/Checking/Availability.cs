namespace Gateway.Faults.Checking;

/// <summary>
/// Checks of when calls are served: always while no fault affects them, and soon after a fault is healed.
/// </summary>
internal static class Availability
{
    private const long StarvedFromMs = 500;
    private const long ControlMs = 5000;
    private const long StoreMs = 2000;

    /// <summary>Checks that each affected gateway admits a call in time after every fault.</summary>
    public static IEnumerable<Violation> BackInTime(Analysis analysis)
    {
        var history = analysis.History;
        foreach (var fault in history.Faults)
        {
            // If another fault struck before the gateway could serve, that later fault is evaluated instead.
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

    /// <summary>
    /// Returns the time from the healing to the first admission there, or to the end of the load if there is none.
    /// </summary>
    public static long TookMs(History history, Fault fault, string member) =>
        history.Probes.Where(probe => probe.Member == member && probe.ToMs >= fault.HealedMs
                && probe.Outcome == CallOutcome.Admitted)
            .Select(probe => probe.ToMs).DefaultIfEmpty(history.LoadToMs).Min() - fault.HealedMs;

    /// <summary>Returns the time from the healing to the first admission, at the slowest gateway.</summary>
    public static long BackMs(History history, Fault fault) => fault.Members
        .Where(member => HasComeBack(history, fault, member))
        .Select(member => TookMs(history, fault, member)).DefaultIfEmpty().Max();

    /// <summary>
    /// Returns the time from the beginning of the fault to the first admission after the healing, at the slowest
    /// gateway.
    /// </summary>
    public static long GapMs(History history, Fault fault) => fault.Members
        .Where(member => HasComeBack(history, fault, member))
        .Select(member => TookMs(history, fault, member) + fault.HealedMs - fault.FromMs).DefaultIfEmpty().Max();

    /// <summary>Checks that every call without a fault as an excuse was admitted, or refused by a rule.</summary>
    public static IEnumerable<Violation> Always(Analysis analysis)
    {
        var history = analysis.History;
        var bad = Unexcused(history).Where(bad => !IsStarved(history, bad)).Select(bad => new Violation(
            Property.Available, bad.FromMs,
            $"{bad.Member}: {bad.Outcome} after {bad.ToMs - bad.FromMs} ms: {bad.Said ?? "no answer"}"));
        return bad.Concat(Gaps(history));
    }

    /// <summary>
    /// Returns the number of calls without a fault as an excuse that this machine delayed too long to be evaluated.
    /// </summary>
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
    /// Returns true if the machine delayed a call too long. The fleet's own timeouts are one second; its threads waited
    /// half of that for a CPU. A gateway that was delayed on its way to the control store denies at once until it
    /// reaches the store. A call that arrives while its counter's record is being read is denied with the calls before
    /// it if the store responds too late.
    /// </summary>
    private static bool IsStarved(History history, BadCall bad)
    {
        var beforeMs = Says("the control store has not been reached") ? ControlMs
            : Says("cannot be counted now") ? StoreMs : 0;
        return history.StallBetween(bad.FromMs - beforeMs, bad.ToMs) >= StarvedFromMs;

        bool Says(string words) => bad.Said?.Contains(words, StringComparison.Ordinal) == true;
    }

    /// <summary>Finds periods without an admission at an unaffected gateway.</summary>
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
                // A gateway that is shutting down in order, or not there yet, gets no calls.
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

    /// <summary>
    /// Returns true if the time is meaningful: the gateway gets calls, and nothing else kept it from serving.
    /// </summary>
    private static bool HasComeBack(History history, Fault fault, string member) =>
        IsProbed(history, fault, member) && !IsGoneMeanwhile(history, fault, member)
        && !IsStruckAgain(history, fault, member, fault.HealedMs + TookMs(history, fault, member));

    /// <summary>Returns true if the gateway got probes; without calls, as a spare one, it cannot be late.</summary>
    private static bool IsProbed(History history, Fault fault, string member) => history.Probes.Any(probe =>
        probe.Member == member && probe.ToMs >= fault.FromMs && probe.FromMs <= fault.HealedMs + Analysis.BackMs);

    /// <summary>
    /// Returns true if an overlapping fault removed the gateway, as a spare one, so that it cannot serve again.
    /// </summary>
    private static bool IsGoneMeanwhile(History history, Fault fault, string member) =>
        history.Faults.Any(other => other.Gone.Contains(member)
            && other.FromMs <= fault.HealedMs + Analysis.BackMs && other.HealedMs >= fault.FromMs);

    private static bool IsStruckAgain(History history, Fault fault, string member, long untilMs) =>
        history.Faults.Any(other => other != fault && other.Touches(member)
            && other.FromMs <= untilMs && other.HealedMs > fault.HealedMs);
}
