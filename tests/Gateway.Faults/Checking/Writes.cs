namespace Gateway.Faults.Checking;

/// <summary>The check of the number of writes to the store, which is the price of exactness.</summary>
internal static class Writes
{
    /// <summary>
    /// Checks for at most one write for each limit of an admission, and one for each return. Calls that share a write
    /// only reduce the number.
    /// </summary>
    public static IEnumerable<Violation> Bounded(Analysis analysis) =>
        from phase in analysis.History.Phases
        where phase.Writes > Allowed(analysis, phase)
        select new Violation(
            Property.WritesBounded, phase.FromMs, $"{phase.Writes} writes, {Allowed(analysis, phase)} allowed");

    public static long Allowed(Analysis analysis, Phase phase)
    {
        var history = analysis.History;
        long allowed = history.CallersEach * history.MembersMax;
        foreach (var call in history.Server.Where(call => call.AtMs >= phase.FromMs && call.AtMs <= phase.ToMs))
            allowed += analysis.Workload.Tools[call.Tool].Writes + (call.Failed ? 1 : 0);
        // The units taken from one descriptor were released if another was full.
        foreach (var ask in history.Services.Where(ask => ask.ToMs >= phase.FromMs && ask.FromMs <= phase.ToMs))
            allowed += ask.Outcome == CallOutcome.Refused ? 2 * (ask.Descriptors.Count - 1) : ask.Descriptors.Count;
        foreach (var refused in history.Refusals)
        {
            if (refused.Counter == Refused.InFlight)
            {
                if (refused.EndMs >= phase.FromMs && refused.EndMs <= phase.ToMs) allowed += 2;
                continue;
            }

            // The units first taken from the other limits were released.
            var tool = analysis.ToolsOf(refused.Counter).First();
            var startMs = refused.EndMs - (1000 * tool.Limits.First(limit => limit.Counter == refused.Counter).Seconds);
            if (tool.Writes > 1 && refused.EndMs > phase.FromMs && startMs < phase.ToMs)
                allowed += 2 * (tool.Writes - 1);
        }

        return allowed;
    }
}
