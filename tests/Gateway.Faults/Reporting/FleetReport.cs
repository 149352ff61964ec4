namespace Gateway.Faults.Reporting;

/// <summary>The report of one fleet: a row for each phase, and a summary.</summary>
internal static class FleetReport
{
    public static void Write(
        TextWriter output, FleetKind kind, CheckResult result, CheckTotals totals, bool checksTimes)
    {
        var history = result.Analysis.History;
        var names = history.Phases.Select(phase => phase.Name).Distinct().ToList();
        output.WriteLine();
        output.WriteLine($"## {Title(kind)}");
        output.WriteLine();
        output.WriteLine(
            "| phase | s | calls | admitted | refused | unavailable, failed, unanswered | faults "
            + "| windows evaluated full | units wasted | back after, ms | longest gap, ms | violations |");
        output.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        var full = Fullness.Evaluated(result.Analysis).ToLookup(window => result.PhaseAt(window.EndMs - 1));
        foreach (var name in names) output.WriteLine(Row(result, name, [.. full[name]]));
        output.WriteLine();
        foreach (var line in Summary(result)) output.WriteLine($"- {line}");
        foreach (var name in names)
        {
            foreach (var property in Enum.GetValues<Property>())
            {
                totals.Check($"{kind}, {name}, {property}",
                    [.. result.Of(property, name).Select(violation => violation.What)],
                    checksTimes || property is not (Property.BackInTime or Property.Available));
            }
        }
    }

    private static string Title(FleetKind kind) => kind switch
    {
        FleetKind.Postgres => "Three gateways over one PostgreSQL, and a spare one",
        FleetKind.Journal => "One gateway with a journal",
        FleetKind.Cluster => "Two frontends and two silos over one PostgreSQL",
        _ => "Two frontends and two silos over one emulated account of Azure Storage",
    };

    private static string Row(CheckResult result, string name, IReadOnlyList<WindowUse> full)
    {
        var history = result.Analysis.History;
        var phases = history.Phases.Where(phase => phase.Name == name).ToList();
        var faults = result.FaultsIn(name);
        var bad = Calls(phases, CallOutcome.Unavailable) + Calls(phases, CallOutcome.Failed)
            + Calls(phases, CallOutcome.Unanswered);
        var violations = Enum.GetValues<Property>().Sum(property => result.Of(property, name).Count);
        var seconds = phases.Sum(phase => phase.ToMs - phase.FromMs) / 1000;
        return $"| {name} | {seconds} | {phases.Sum(phase => phase.Calls.Calls)} "
            + $"| {Calls(phases, CallOutcome.Admitted)} | {Calls(phases, CallOutcome.Refused)} | {bad} "
            + $"| {faults.Count} | {full.Count} | {full.Sum(Fullness.Waste):0.##} "
            + $"| {Slowest(faults, Back)} | {Slowest(faults, Gap)} | {violations} |";

        long Back(Fault fault) => Availability.BackMs(history, fault);
        long Gap(Fault fault) => Availability.GapMs(history, fault);
    }

    private static string Slowest(IReadOnlyList<Fault> faults, Func<Fault, long> time) =>
        faults.Any(fault => fault.Members.Count > 0) ? $"{faults.Max(time)}" : "";

    private static int Calls(IEnumerable<Phase> phases, CallOutcome outcome) =>
        phases.Sum(phase => phase.Calls.Of(outcome));

    private static IEnumerable<string> Summary(CheckResult result)
    {
        var history = result.Analysis.History;
        var windows = result.Analysis.Windows;
        yield return $"{history.Server.Count} calls reached the server, {history.Decisions.Count} permits on record, "
            + $"{history.Refusals.Count} refusals by limits, {history.Outcomes.Count} outcomes";
        yield return $"{windows.Count} windows of {windows.Select(window => window.Key).Distinct().Count()} counters "
            + $"checked number by number, {windows.Sum(window => window.Uses.Count)} uses";
        var momentary = result.Analysis.Momentary.CountBy(use => result.Analysis.LimitOf(use).Kind).ToDictionary();
        yield return $"{momentary.GetValueOrDefault("sliding")} uses of sliding limits checked by their deadlines, "
            + $"{momentary.GetValueOrDefault("bucket")} of buckets by the times of their records";
        var dated = windows.Where(window => result.Analysis.LimitOf(window).Zone is not null).ToList();
        yield return $"{dated.Count} of the windows are days of "
            + $"{dated.Select(window => window.Key).Distinct().Count()} time zones";
        var (open, most) = OpenCalls.Seen(result.Analysis);
        yield return $"{open} calls had places, {most} at once at most, and "
            + $"{history.Refusals.Count(refused => refused.Counter == Refused.InFlight)} found none";
        var byValue = windows.Where(window => result.Analysis.LimitOf(window).ValuesMax > 0).ToList();
        yield return $"{byValue.Count} of the windows are of values, of which there were "
            + $"{byValue.Select(window => window.Key).Distinct().Count()}";
        var ofSessions = windows.Where(window => result.Analysis.LimitOf(window).IsPerSession).ToList();
        yield return $"{ofSessions.Count} of the windows are of sessions, of which there were "
            + $"{ofSessions.Select(window => window.Key).Distinct().Count()}, and "
            + $"{ofSessions.Count(window => window.RefusedAt is not null)} of them refused somebody";
        var full = ServiceLimits.Evaluated(result.Analysis).Count();
        yield return $"{history.Services.Count} requests of services, {Asks(CallOutcome.Admitted)} let through, "
            + $"{Asks(CallOutcome.Refused)} over the limit; {full} values evaluated full";
        var given = windows.Sum(window => window.GivenBack);
        yield return $"{given:0.##} units were given back, as the server answered with an error";
        yield return $"{history.Faults.Count} faults: " + string.Join(", ", history.Faults
            .GroupBy(fault => fault.Kind).Select(group => $"{group.Count()} {group.Key}"));
        if (history.Faults.Any(fault => fault.Apart.Count > 0))
        {
            var both = TwoOwners.Windows(result.Analysis);
            yield return $"{both.Count} windows of {both.Select(window => window.Key).Distinct().Count()} counters "
                + "were given out by two owners at once";
        }

        foreach (var phase in history.Phases.Where(phase => phase.Writes is not null).Take(1))
            yield return $"{phase.Writes} writes while calm, {Writes.Allowed(result.Analysis, phase)} allowed";
        var stallMs = history.Stalls.Sum(stall => stall.LateMs);
        yield return $"threads that could run waited for a CPU of this machine for {stallMs} ms in all, "
            + $"in {history.LoadToMs - history.LoadFromMs} ms";
        if (Availability.Starved(history) is > 0 and var starved)
        {
            yield return $"{starved} calls were not served though no fault touched them, while threads waited for a "
                + "CPU for half a second and more: not evaluated";
        }

        foreach (var (reason, count) in result.Unavailable) yield return $"{count} denied: {reason}";

        int Asks(CallOutcome outcome) => history.Services.Count(ask => ask.Outcome == outcome);
    }
}
