using System.Text.Json.Serialization;
using Gateway.Catalogue.Listing;
using Gateway.Proxy.Scanning;

namespace Gateway.Catalogue.Keeping;

/// <summary>A server's inventory with the accepted versions of its entries, as stored.</summary>
/// <param name="Server">The name of the server.</param>
public sealed record KeptInventory(string Server)
{
    /// <summary>The entries by kind and name; removed ones are kept for a while.</summary>
    public IReadOnlyList<KeptItem>? Items { get; init; }

    /// <summary>A note about omissions; null if there are none.</summary>
    public string? Note { get; init; }

    /// <summary>The instructions that the server sends to every client.</summary>
    public string? Instructions { get; init; }

    /// <summary>The hash of the instructions.</summary>
    public string? InstructionsSha256 { get; init; }

    /// <summary>The hash of the accepted instructions; null before the baseline.</summary>
    public string? AcceptedInstructions { get; init; }

    /// <summary>
    /// The instructions that the last acceptance replaced, for an undo; null if it replaced none. An earlier release
    /// drops them when it stores the inventory.
    /// </summary>
    public ReplacedInstructions? ReplacedInstructions { get; init; }

    /// <summary>The time at which the first complete list was accepted; null before.</summary>
    public DateTimeOffset? BaselineAt { get; init; }

    /// <summary>
    /// The time at which its prompts, resources and templates were first accepted; null before, and after an earlier
    /// release stored the inventory.
    /// </summary>
    public DateTimeOffset? ItemsBaselineAt { get; init; }

    /// <summary>
    /// The listed prompts, resources and templates that differ from their accepted versions; before any were accepted,
    /// those with findings.
    /// </summary>
    [JsonIgnore]
    public IEnumerable<KeptItem> DriftedItems => (Items ?? []).Where(item =>
        item is { Kind: not InventoryKind.Tool, LastSeen: null, IsAsAccepted: false }
        && (ItemsBaselineAt is not null || item.Findings is not null));

    /// <summary>The tools that the server currently lists.</summary>
    [JsonIgnore]
    public IEnumerable<KeptItem> Offered =>
        (Items ?? []).Where(static item => item.Kind == InventoryKind.Tool && item.LastSeen is null);

    /// <summary>The findings in the instructions.</summary>
    [JsonIgnore]
    public IReadOnlyList<Finding> InstructionsFindings =>
        Instructions is { } said ? DefinitionScanner.ScanInstructions(said) : [];
}

/// <summary>Instructions that an acceptance replaced, as stored.</summary>
/// <param name="Sha256">Their hash; null if none were accepted.</param>
/// <param name="At">The time of the acceptance.</param>
public sealed record ReplacedInstructions(string? Sha256, DateTimeOffset At);
