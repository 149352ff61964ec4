using Gateway.Policy.Decisions;

namespace Gateway.Policy.Rules;

/// <summary>What a policy makes of one tool name, apart from what the server lists.</summary>
internal sealed class ToolName
{
    /// <summary>The rule that covers the name as it is written.</summary>
    public required ToolRule Rule { get; init; }

    /// <summary>The denial of <c>hide</c>; null where the name is not hidden.</summary>
    public PolicyDecision? Hidden { get; init; }

    /// <summary>Whether an entry of <c>tools</c> or <c>hide</c> is this very name.</summary>
    public bool IsNamed { get; init; }

    /// <summary>Whether the name has a character that nobody sees.</summary>
    public bool IsUnclear { get; init; }

    /// <summary>Whether the name looks like one that another entry covers.</summary>
    public bool LooksLikeOther { get; init; }

    /// <summary>Whether every entry that may be meant is in shadow mode, and none hides the tool.</summary>
    public bool IsShadow { get; init; }
}
