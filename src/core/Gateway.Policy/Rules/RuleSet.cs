using System.Collections.Immutable;
using Gateway.Policy.Decisions;
using Gateway.Policy.Patterns;

namespace Gateway.Policy.Rules;

/// <summary>A compiled document.</summary>
internal sealed class RuleSet
{
    private bool? _hasSessionLimits;

    /// <summary>For a method that the table of methods does not know.</summary>
    public required PolicyDecision UnknownMethod { get; init; }

    public required PatternIndex<PolicyDecision> Hidden { get; init; }

    public required PatternIndex<ToolRule> Tools { get; init; }

    /// <summary>For a tool that no entry names.</summary>
    public required ToolRule OtherTools { get; init; }

    public required ResourceSection Resources { get; init; }

    public required NameSection Prompts { get; init; }

    /// <summary>Every tool rule in the order of the document, <see cref="OtherTools"/> last.</summary>
    public required ImmutableArray<ToolRule> AllTools { get; init; }

    /// <summary>How many tool rules there are, <see cref="OtherTools"/> among them.</summary>
    public int ToolRulesCount => AllTools.Length;

    /// <summary>Whether any tool has a limit that is counted for each session.</summary>
    public bool HasSessionLimits => _hasSessionLimits ??= AllTools.Any(static rule => rule.HasSessionLimits);

    public ToolRule RuleFor(string tool) => Tools.Find(tool) ?? OtherTools;
}
