using System.Collections.Immutable;
using Gateway.Policy.Classes;
using Gateway.Policy.Json;
using Gateway.Policy.Patterns;
using Gateway.Policy.Schemas;

namespace Gateway.Policy.Documents;

/// <summary>One entry of <c>tools</c> or <c>classes</c> as written.</summary>
internal sealed record ToolEntryDocument
{
    public required Glob Name { get; init; }

    /// <summary>The class; null for an entry of <c>tools</c>.</summary>
    public ToolClass? Class { get; init; }

    public required JsonNode Written { get; init; }

    public required string Pointer { get; init; }

    public required int NameOffset { get; init; }

    public ToolAction Action { get; init; }

    public string? Reason { get; init; }

    /// <summary>The mode; null if the document's applies.</summary>
    public bool? IsShadow { get; init; }

    /// <summary>The setting of <c>case_variants</c>; null if the document's applies.</summary>
    public bool? AllowsVariants { get; init; }

    /// <summary>The pin level; null if the document's applies.</summary>
    public PinLevel? Pin { get; init; }

    /// <summary>True if the server parses decimals, so that no number is refused as inexact.</summary>
    public bool ReadsDecimals { get; init; }

    /// <summary>The schema of the arguments; null if all arguments are accepted.</summary>
    public Schema? Arguments { get; init; }

    /// <summary>The number of free retries; null if the entry does not set it.</summary>
    public int? Rounds { get; init; }

    public ApprovalTerms? Approval { get; init; }

    /// <summary>Identifies the entry together with the rules for all tools; null if no approval is required.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Conditions on the caller. Unless all hold, the tool is hidden.</summary>
    public ImmutableArray<ConditionDocument> ShowIf { get; init; } = [];

    public ImmutableArray<ConditionDocument> Require { get; init; } = [];

    public ImmutableArray<ConditionDocument> DenyIf { get; init; } = [];

    public ImmutableArray<ConditionDocument> ApproveIf { get; init; } = [];

    public ImmutableArray<LimitDocument> Limits { get; init; } = [];

    public ImmutableArray<BudgetUseDocument> Budgets { get; init; } = [];

    public InFlightDocument? InFlight { get; init; }

    public ResultsDocument Results { get; init; } = ResultsDocument.None;
}

internal enum ToolAction
{
    Allow,
    Deny,
    RateLimit,
    Approve,
}
