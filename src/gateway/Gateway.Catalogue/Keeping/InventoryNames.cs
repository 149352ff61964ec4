using Gateway.Catalogue.Listing;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Pinning;

namespace Gateway.Catalogue.Keeping;

/// <summary>The names of states for people and programs.</summary>
public static class InventoryNames
{
    /// <summary>Returns the name of the difference between a tool and its accepted version.</summary>
    public static string Of(Drift drift) => drift switch
    {
        Drift.Display => "display",
        Drift.App => "app",
        Drift.Hints => "hints",
        Drift.SaferHints => "safer_hints",
        Drift.Contract => "contract",
        Drift.New => "new",
        Drift.Unreadable => "unreadable",
        Drift.None => "none",
        _ => throw new NotSupportedException($"Drift {drift} has no case here."),
    };

    /// <summary>Returns the name of a kind of entry.</summary>
    public static string Of(InventoryKind kind) => kind switch
    {
        InventoryKind.Tool => "tool",
        InventoryKind.Prompt => "prompt",
        InventoryKind.Resource => "resource",
        InventoryKind.Template => "template",
        _ => throw new NotSupportedException($"InventoryKind {kind} has no case here."),
    };

    /// <summary>Returns the name of an entry's standing; policies evaluate only that of a tool.</summary>
    public static string StandingOf(KeptItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item.Kind == InventoryKind.Tool ? Of(item.Evaluation.Standing) : "reported";
    }

    /// <summary>Returns the name of a tool's standing.</summary>
    public static string Of(ToolStanding standing) => standing switch
    {
        ToolStanding.Accepted => "accepted",
        ToolStanding.Unaccepted => "unaccepted",
        ToolStanding.Blocked => "blocked",
        _ => throw new NotSupportedException($"ToolStanding {standing} has no case here."),
    };
}
