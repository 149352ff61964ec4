using Gateway.Policy.Decisions;
using Gateway.Proxy.Pinning;

namespace Gateway.Catalogue.Keeping;

/// <summary>Words for people and programs.</summary>
public static class InventoryNames
{
    /// <summary>How a tool differs from what was accepted of it, in one word.</summary>
    public static string Of(Drift drift) => drift switch
    {
        Drift.Display => "display",
        Drift.Hints => "hints",
        Drift.SaferHints => "safer_hints",
        Drift.Contract => "contract",
        Drift.New => "new",
        Drift.Unreadable => "unreadable",
        Drift.None => "none",
        _ => throw new NotSupportedException($"Drift {drift} has no case here."),
    };

    /// <summary>What a policy makes of a tool, in one word.</summary>
    public static string Of(ToolStanding standing) => standing switch
    {
        ToolStanding.Accepted => "accepted",
        ToolStanding.Unaccepted => "unaccepted",
        ToolStanding.Blocked => "blocked",
        _ => throw new NotSupportedException($"ToolStanding {standing} has no case here."),
    };
}
