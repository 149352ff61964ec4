using Gateway.Policy.Decisions;

namespace Gateway.Policy.Rules;

/// <summary>A policy's classification of one tool name, independent of the server's list.</summary>
internal sealed class ToolName
{
    /// <summary>The rule of the entry that covers the name as written, or the default.</summary>
    public required ToolRule Rule { get; init; }

    /// <summary>The denial by <c>hide</c>; null if the name is not hidden.</summary>
    public PolicyDecision? Hidden { get; init; }

    /// <summary>True if an entry of <c>tools</c> or <c>hide</c> has exactly this name.</summary>
    public bool IsNamed { get; init; }

    /// <summary>True if the name contains an invisible character.</summary>
    public bool IsUnclear { get; init; }

    /// <summary>True if the name looks like one that another entry covers.</summary>
    public bool LooksLikeOther { get; init; }

    /// <summary>True if every entry that could be meant is in shadow mode, and none hides the tool.</summary>
    public bool IsShadow { get; init; }
}
