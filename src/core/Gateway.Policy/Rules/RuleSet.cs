using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Policy.Apps;
using Gateway.Policy.Classes;
using Gateway.Policy.Decisions;
using Gateway.Policy.Documents;
using Gateway.Policy.Lists;
using Gateway.Policy.Recording;
using Gateway.Policy.Results;

namespace Gateway.Policy.Rules;

/// <summary>A compiled document.</summary>
internal sealed class RuleSet
{
    private bool? _hasSessionLimits;
    private bool? _readsTime;
    private bool? _readsHeaders;
    private bool? _deniesUnaccepted;
    private bool? _mayWait;

    /// <summary>The decision for a method that the table of methods does not contain.</summary>
    public required PolicyDecision UnknownMethod { get; init; }

    /// <summary>The decision for a <c>tasks/*</c> method that the table does not contain.</summary>
    public required PolicyDecision Tasks { get; init; }

    /// <summary>
    /// The rules for messages that are not responses to a call; null if the document has no <c>results</c>.
    /// </summary>
    public ResultRules? OtherMessages { get; init; }

    public required ToolNames Names { get; init; }

    /// <summary>The rule for a tool that no entry matches.</summary>
    public required ToolRule OtherTools { get; init; }

    /// <summary>True if an agent may read the usage of its own limits.</summary>
    public bool ShowsLimits { get; init; }

    /// <summary>The extensions of MCP that pass; null for all, if the document is in shadow mode.</summary>
    public FrozenSet<string>? Extensions { get; init; }

    /// <summary>The bounds of apps; null if the document is in shadow mode.</summary>
    public AppRules? Apps { get; init; }

    public required ResourceSection Resources { get; init; }

    public required NameSection Prompts { get; init; }

    /// <summary>
    /// Every tool rule: of the entries of <c>tools</c>, of <c>classes</c>, and <see cref="OtherTools"/> last.
    /// </summary>
    public required ImmutableArray<ToolRule> AllTools { get; init; }

    /// <summary>The values of arguments to record; null for none.</summary>
    public ArgumentRecording? Recording { get; init; }

    /// <summary>The lists that conditions compare with.</summary>
    public ImmutableArray<ListUse> Lists { get; init; } = [];

    /// <summary>The budgets that calls are charged to, by name.</summary>
    public ImmutableArray<string> Budgets { get; init; } = [];

    /// <summary>Number of tool rules, including <see cref="OtherTools"/>.</summary>
    public int ToolRulesCount => AllTools.Length;

    /// <summary>True if any tool has a limit that counts per session.</summary>
    public bool HasSessionLimits => _hasSessionLimits ??= AllTools.Any(static rule => rule.HasSessionLimits);

    /// <summary>True if any rule depends on the instant of the decision.</summary>
    public bool ReadsTime => _readsTime ??=
        AllTools.Any(static rule => rule.Checks.Any(static check => check.ReadsTime));

    /// <summary>True if any rule depends on who calls.</summary>
    public bool ReadsCaller => AllTools.Any(static rule => rule.ReadsCaller);

    /// <summary>True if any rule depends on headers that a trusted proxy sends.</summary>
    public bool ReadsHeaders => _readsHeaders ??= AllTools.Any(static rule => rule.ReadsHeaders);

    /// <summary>True if a rule has <c>"pin": "deny"</c>, or depends on the accepted class of a tool.</summary>
    public bool DeniesUnaccepted => _deniesUnaccepted ??=
        Names.HasClasses || AllTools.Any(static rule => rule.Pin == PinLevel.Deny);

    /// <summary>True if a call may wait as a task: for a person's approval, or for room of a limit.</summary>
    public bool MayWait => _mayWait ??= AllTools.Any(static rule => rule.Sha256 is not null || rule.MayWait);

    public ToolRule RuleFor(string tool, ToolClass toolClass) => Names.RuleFor(tool, toolClass);
}
