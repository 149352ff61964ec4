using System.Collections.Immutable;
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
    private bool? _deniesUnaccepted;

    /// <summary>For a method that the table of methods does not know.</summary>
    public required PolicyDecision UnknownMethod { get; init; }

    /// <summary>For <c>tasks/*</c> that the table does not know.</summary>
    public required PolicyDecision Tasks { get; init; }

    /// <summary>What holds for messages that answer no call; null where no <c>results</c> stands anywhere.</summary>
    public ResultRules? OtherMessages { get; init; }

    public required ToolNames Names { get; init; }

    /// <summary>For a tool that no entry names.</summary>
    public required ToolRule OtherTools { get; init; }

    /// <summary>Whether an agent may read how far its own limits are used.</summary>
    public bool ShowsLimits { get; init; }

    public required ResourceSection Resources { get; init; }

    public required NameSection Prompts { get; init; }

    /// <summary>Every tool rule in the order of the document, <see cref="OtherTools"/> last.</summary>
    public required ImmutableArray<ToolRule> AllTools { get; init; }

    /// <summary>Which values of arguments are kept; null for none.</summary>
    public ArgumentRecording? Recording { get; init; }

    /// <summary>The lists that conditions compare with.</summary>
    public ImmutableArray<ListUse> Lists { get; init; } = [];

    /// <summary>The budgets that calls are charged to, by name.</summary>
    public ImmutableArray<string> Budgets { get; init; } = [];

    /// <summary>How many tool rules there are, <see cref="OtherTools"/> among them.</summary>
    public int ToolRulesCount => AllTools.Length;

    /// <summary>Whether any tool has a limit that is counted for each session.</summary>
    public bool HasSessionLimits => _hasSessionLimits ??= AllTools.Any(static rule => rule.HasSessionLimits);

    /// <summary>Whether any rule looks at the instant of the decision.</summary>
    public bool ReadsTime => _readsTime ??=
        AllTools.Any(static rule => rule.Checks.Any(static check => check.ReadsTime));

    /// <summary>True if a rule has <c>"pin": "deny"</c>.</summary>
    public bool DeniesUnaccepted => _deniesUnaccepted ??=
        AllTools.Any(static rule => rule.Pin == PinLevel.Deny);

    public ToolRule RuleFor(string tool) => Names.RuleFor(tool);
}
