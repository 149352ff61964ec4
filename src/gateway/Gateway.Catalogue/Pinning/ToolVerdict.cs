using Gateway.Policy.Decisions;

namespace Gateway.Catalogue.Pinning;

/// <summary>What a tool's definition is held to be.</summary>
/// <param name="Drift">How it differs from what was accepted.</param>
/// <param name="Standing">What a policy makes of it.</param>
public readonly record struct ToolVerdict(Drift Drift, ToolStanding Standing)
{
    /// <summary>Judges a definition; a null one could not be read.</summary>
    public static ToolVerdict Of(ToolDefinition? now, AcceptedTool? accepted)
    {
        var drift = DriftOf(now, accepted);
        return new ToolVerdict(drift, drift switch
        {
            Drift.Unreadable => ToolStanding.Blocked,
            Drift.New or Drift.Contract or Drift.SaferHints => ToolStanding.Unaccepted,
            _ => ToolStanding.Accepted,
        });
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
