namespace Gateway.Faults.Checking;

/// <summary>The check that a window with a refusal was full, less the losses that the contract allows.</summary>
internal static class Fullness
{
    /// <summary>
    /// The least time between the last admission and the end of the window. A later one means that the demand may have
    /// come too late.
    /// </summary>
    private const long GoodTimeMs = 1000;

    /// <summary>
    /// The possible losses per fault and caller: a call in progress, a write with unknown outcome, and a waiting call.
    /// </summary>
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

    /// <summary>Returns the windows with a refusal that lie within the time of the load.</summary>
    public static IEnumerable<WindowUse> Evaluated(Analysis analysis) => analysis.Windows.Where(window =>
        window.RefusedAt is not null && window.StartMs >= analysis.History.LoadFromMs
        && window.EndMs + GoodTimeMs <= analysis.History.LoadToMs);

    /// <summary>Returns the units that were not used despite a refusal.</summary>
    public static decimal Waste(WindowUse window) =>
        Math.Max(0, window.RefusedAt!.Value - window.Charged - window.GivenBack);

    /// <summary>Returns the units that must have been used at least.</summary>
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
        // Numbers of calls in progress at the end of the window can no longer be spent.
        var wasClose = lastMs + GoodTimeMs + stallMs > window.EndMs;
        // A call that another of its limits refused releases its numbers, but only to one gateway.
        var releases = tools.Any(tool => tool.Limits.Length > 1 || tool.Refunds);
        // Numbers above a maximum that was lowered in the meantime are abandoned.
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
