using Gateway.Policy.Decisions;
using Gateway.Proxy.Scanning;

namespace Gateway.Proxy.Pinning;

/// <summary>What a tool's definition is held to be.</summary>
/// <param name="Drift">How it differs from what was accepted.</param>
/// <param name="Standing">What a policy makes of it.</param>
public readonly record struct ToolVerdict(Drift Drift, ToolStanding Standing)
{
    /// <summary>Judges a definition; a null one could not be read.</summary>
    /// <param name="now">The definition.</param>
    /// <param name="accepted">What was accepted of it; null for nothing.</param>
    /// <param name="findings">What was found in it. Those that whoever accepted it saw count no more.</param>
    public static ToolVerdict Of(ToolDefinition? now, AcceptedTool? accepted, IReadOnlyList<Finding>? findings)
    {
        var drift = DriftOf(now, accepted);
        var counted = findings?.Where(static one => !one.IsReportOnly).ToList();
        // Earlier releases accepted the findings that are only reported as well.
        var isKnown = AcceptedTool.HashOf(counted) is not { } found
            || ((found == accepted?.Findings || AcceptedTool.HashOf(findings) == accepted?.Findings)
                && now?.Contract == accepted?.Contract);
        if (drift == Drift.Unreadable || (!isKnown && counted!.Any(static one => one.IsHard)))
            return new ToolVerdict(drift, ToolStanding.Blocked);
        return new ToolVerdict(drift, !isKnown || drift is Drift.New or Drift.Contract or Drift.SaferHints
            ? ToolStanding.Unaccepted
            : ToolStanding.Accepted);
    }

    private static Drift DriftOf(ToolDefinition? now, AcceptedTool? accepted)
    {
        if (now is null)
            return Drift.Unreadable;
        if (accepted is null)
            return Drift.New;
        if (now.Contract != accepted.Contract)
            return Drift.Contract;
        if (now.Hints != accepted.Hints)
            return now.IsSaferThan(accepted.Safety) ? Drift.SaferHints : Drift.Hints;
        return now.Display != accepted.Display ? Drift.Display : Drift.None;
    }
}
