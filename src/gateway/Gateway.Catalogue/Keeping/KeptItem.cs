using System.Text.Json.Serialization;
using Gateway.Catalogue.Listing;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Pinning;
using Gateway.Proxy.Scanning;

namespace Gateway.Catalogue.Keeping;

/// <summary>One current or removed entry of a server's lists, as stored.</summary>
/// <param name="Kind">The kind of list.</param>
/// <param name="Name">Its name, URI or template.</param>
/// <param name="Definition">The full definition, as JSON; null if it is too long to store.</param>
/// <param name="Sha256">The hash of the definition; null if it is ambiguous.</param>
/// <param name="FirstSeen">The time at which it was first listed.</param>
public sealed record KeptItem(
    InventoryKind Kind, string Name, string? Definition, string? Sha256, DateTimeOffset FirstSeen)
{
    /// <summary>The time at which it was last listed; null while it is listed.</summary>
    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>
    /// The hashes; null if the definition is unreadable, and for a prompt or resource that an earlier release stored.
    /// </summary>
    public ToolDefinition? Hashes { get; init; }

    /// <summary>The accepted version; null if there is none.</summary>
    public AcceptedTool? Accepted { get; init; }

    /// <summary>The app that a tool names; null if there is none.</summary>
    public AppContent? App { get; init; }

    /// <summary>The findings in the definition; null if there are none.</summary>
    public IReadOnlyList<Finding>? Findings { get; init; }

    /// <summary>The findings that count, without those that are only reported.</summary>
    internal IReadOnlyList<Finding> CountedFindings => [.. (Findings ?? []).Where(static one => !one.IsReportOnly)];

    /// <summary>True if it equals its accepted version and nothing prevents its use.</summary>
    [JsonIgnore]
    public bool IsAsAccepted => Evaluation is { Drift: Drift.None, Standing: ToolStanding.Accepted };

    /// <summary>The parts of a definition that a classification reads; null if it is not stored.</summary>
    [JsonIgnore]
    public ToolFacts? Facts => Definition is null ? null : ToolFacts.Of(new ListedItem(Kind, Name, Definition));

    /// <summary>Returns a copy whose acceptance cannot be undone.</summary>
    internal KeptItem WithoutReplaced() =>
        Accepted is null ? this : this with { Accepted = Accepted with { Replaced = null } };

    /// <summary>The evaluation; policies evaluate only that of a tool.</summary>
    [JsonIgnore]
    public ToolEvaluation Evaluation => ToolEvaluation.Of(Hashes, Accepted, Findings, App);
}
