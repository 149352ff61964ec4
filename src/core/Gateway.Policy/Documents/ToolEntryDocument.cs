using System.Collections.Immutable;
using Gateway.Policy.Patterns;
using Gateway.Policy.Schemas;

namespace Gateway.Policy.Documents;

/// <summary>One entry of <c>tools</c> as written.</summary>
internal sealed record ToolEntryDocument
{
    public required Glob Name { get; init; }

    public required string Pointer { get; init; }

    public required int NameOffset { get; init; }

    public ToolAction Action { get; init; }

    public string? Reason { get; init; }

    /// <summary>Null where the entry follows the document.</summary>
    public bool? IsShadow { get; init; }

    /// <summary>Null where the entry follows the document.</summary>
    public bool? AllowsVariants { get; init; }

    /// <summary>Null where the entry follows the document.</summary>
    public PinLevel? Pin { get; init; }

    /// <summary>Whether the server parses decimals, so that no number is refused as inexact.</summary>
    public bool ReadsDecimals { get; init; }

    /// <summary>What the arguments must satisfy; null where everything will do.</summary>
    public Schema? Arguments { get; init; }

    /// <summary>Null where the entry does not say.</summary>
    public int? Rounds { get; init; }

    public ApprovalTerms? Approval { get; init; }

    /// <summary>
    /// What tells the entry, with what holds for all tools, from any other; null where nobody is asked.
    /// </summary>
    public string? Sha256 { get; init; }

    public ImmutableArray<ConditionDocument> Require { get; init; } = [];

    public ImmutableArray<ConditionDocument> DenyIf { get; init; } = [];

    public ImmutableArray<ConditionDocument> ApproveIf { get; init; } = [];

    public ImmutableArray<LimitDocument> Limits { get; init; } = [];

    public ImmutableArray<BudgetUseDocument> Budgets { get; init; } = [];

    public InFlightDocument? InFlight { get; init; }

    public ResultsDocument Results { get; init; } = ResultsDocument.None;
}
