using System.Collections.Immutable;
using Gateway.Policy.Json;

namespace Gateway.Policy.Documents;

/// <summary><c>all_tools</c> as written.</summary>
internal sealed record AllToolsDocument
{
    public ImmutableArray<ConditionDocument> Require { get; init; } = [];

    public ImmutableArray<ConditionDocument> DenyIf { get; init; } = [];

    public ImmutableArray<ConditionDocument> ApproveIf { get; init; } = [];

    public ImmutableArray<LimitDocument> Limits { get; init; } = [];

    public ImmutableArray<BudgetUseDocument> Budgets { get; init; } = [];

    public InFlightDocument? InFlight { get; init; }

    /// <summary>The JSON that was read; null if the document has none.</summary>
    public JsonNode? Written { get; init; }

    public ResultsDocument Results { get; init; } = ResultsDocument.None;
}
