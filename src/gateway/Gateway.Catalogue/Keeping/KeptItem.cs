using Gateway.Catalogue.Listing;
using Gateway.Catalogue.Pinning;

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

    /// <summary>What a tool is held to be.</summary>
    internal ToolVerdict Verdict => ToolVerdict.Of(Hashes, Accepted);
}
