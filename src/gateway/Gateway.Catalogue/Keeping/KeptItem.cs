using System.Text.Json.Serialization;
using Gateway.Catalogue.Listing;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Pinning;
using Gateway.Proxy.Scanning;

namespace Gateway.Catalogue.Keeping;

/// <summary>One thing that a server offers, or offered; as it is stored.</summary>
/// <param name="Kind">Which list has it.</param>
/// <param name="Name">Its name, URI or template.</param>
/// <param name="Definition">All that the server says of it, as JSON; null where that is too long to keep.</param>
/// <param name="Sha256">Of that; null where it cannot be read with one meaning.</param>
/// <param name="FirstSeen">When it was first in a list.</param>
public sealed record KeptItem(
    InventoryKind Kind, string Name, string? Definition, string? Sha256, DateTimeOffset FirstSeen)
{
    /// <summary>When it was last in a list; null while it is.</summary>
    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>The hashes of a tool; null for all else, and where it cannot be read.</summary>
    public ToolDefinition? Hashes { get; init; }

    /// <summary>What was accepted of a tool.</summary>
    public AcceptedTool? Accepted { get; init; }

    /// <summary>What was found in a tool's definition; null for nothing.</summary>
    public IReadOnlyList<Finding>? Findings { get; init; }

    /// <summary>The findings that count: those that are only reported are left out.</summary>
    internal IReadOnlyList<Finding> CountedFindings => [.. (Findings ?? []).Where(static one => !one.IsReportOnly)];

    /// <summary>Whether nothing of it is another than what was accepted, and nothing against it.</summary>
    [JsonIgnore]
    public bool IsAsAccepted => Judgement is { Drift: Drift.None, Standing: ToolStanding.Accepted };

    /// <summary>What a tool is held to be.</summary>
    [JsonIgnore]
    public ToolVerdict Judgement => ToolVerdict.Of(Hashes, Accepted, Findings);
}
