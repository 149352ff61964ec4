using System.Text.Json.Serialization;
using Gateway.Catalogue.Listing;

namespace Gateway.Catalogue.Keeping;

/// <summary>What a server offers and what was accepted of it; as it is stored.</summary>
/// <param name="Server">Its name.</param>
public sealed record KeptInventory(string Server)
{
    /// <summary>By kind and name; what is gone stays for a while.</summary>
    public IReadOnlyList<KeptItem>? Items { get; init; }

    /// <summary>What is left out; null where nothing is.</summary>
    public string? Note { get; init; }

    /// <summary>What the server tells every client about itself.</summary>
    public string? Instructions { get; init; }

    /// <summary>The hash of the instructions.</summary>
    public string? InstructionsSha256 { get; init; }

    /// <summary>The hash of the instructions that were accepted; null before the baseline.</summary>
    public string? AcceptedInstructions { get; init; }

    /// <summary>When the first complete list was accepted; null before.</summary>
    public DateTimeOffset? BaselineAt { get; init; }

    /// <summary>The tools that the server lists now.</summary>
    [JsonIgnore]
    public IEnumerable<KeptItem> Offered =>
        (Items ?? []).Where(static item => item.Kind == InventoryKind.Tool && item.LastSeen is null);
}
