namespace Gateway.Faults.Checking;

/// <summary>A window that refused somebody was full, less what the contract says may be lost.</summary>
internal static class Fullness
{
    /// <summary>How long before the end the last admission must lie for the demand to have come in good time.</summary>
    private const long GoodTimeMs = 1000;

    /// <summary>Of each fault: what was under way, what the writes of unknown outcome asked for, what waited.</summary>
    private const int CallsAFault = 3;

    public static IEnumerable<Violation> Used(Analysis analysis)
    {
        foreach (var window in Evaluated(analysis))
        {
            var used = window.Charged + window.GivenBack;
            var least = Least(analysis, window);
            if (used >= least) continue;
            yield return new Violation(
                Property.UsedInFull, window.EndMs - 1, $"{window}: {used} of {window.RefusedAt}, at least {least}");
        }
    }

    /// <summary>Windows that somebody was refused in, and that lie within the time of the load.</summary>
    public static IEnumerable<WindowUse> Evaluated(Analysis analysis) => analysis.Windows.Where(window =>
        window.RefusedAt is not null && window.StartMs >= analysis.History.LoadFromMs
        && window.EndMs + GoodTimeMs <= analysis.History.LoadToMs);

    /// <summary>Units that were not used though somebody was refused.</summary>
    public static decimal Waste(WindowUse window) =>
        Math.Max(0, window.RefusedAt!.Value - window.Charged - window.GivenBack);

    /// <summary>What must have been used at least.</summary>
    private static decimal Least(Analysis analysis, WindowUse window)
    {
        var history = analysis.History;
        var tools = analysis.ToolsOf(window.Counter).ToList();
        decimal one = tools.Max(tool => tool.CostMax);
        decimal everybody = one * history.CallersEach * history.MembersMax;
        // A cost of more than one may be refused with room for less.
        var least = window.RefusedAt!.Value - (one - 1);
        var lastMs = window.Uses.Max(use => use.Reached?.AtMs ?? window.StartMs);
        var stallMs = history.StallBetween(window.StartMs, window.EndMs + GoodTimeMs);
        // What was under way when the window ended cannot be spent any more.
        var wasClose = lastMs + GoodTimeMs + stallMs > window.EndMs;
        // What a call gave back because another of its limits was full comes back to one gateway.
        var releases = tools.Any(tool => tool.Limits.Length > 1 || tool.Refunds);
        // Numbers above a maximum that was lowered meanwhile are given up.
        if (wasClose || releases || tools.Any(tool => tool.IsEdited)) least -= everybody;
        foreach (var fault in analysis.FaultsOf(window))
        {
            var members = Math.Max(1, Math.Min(fault.Members.Count + fault.Gone.Count, history.MembersMax));
            least -= CallsAFault * one * history.CallersEach * members;
            least -= fault.Owners * 1.5m * (1 + (window.RefusedAt.Value / 4));
        }

        return Math.Max(0, least);
    }
}
