namespace Gateway.Catalogue.Listing;

/// <summary>What a server offers, as far as it was read.</summary>
/// <param name="Tools">Its tools, by name.</param>
/// <param name="Note">What is left out; null where nothing is.</param>
public sealed record Inventory(IReadOnlyList<ToolFacts> Tools, string? Note)
{
    /// <summary>What a note begins with where tools are left out.</summary>
    internal const string CutNote = "At most ";

    /// <summary>Everything as it was listed: tools, prompts, resources and templates.</summary>
    public IReadOnlyList<ListedItem> Items { get; init; } = [];

    /// <summary>What the server tells every client about itself; null where it says nothing.</summary>
    public string? Instructions { get; init; }

    /// <summary>When it was last seen so; null where it was read just now.</summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>Why it may not be so any more; null where it was read lately.</summary>
    public string? Stale { get; init; }

    /// <summary>
    /// Whether a note says that tools are left out. Without them there is no baseline; a list that the server does not
    /// have, which a note names too, is no obstacle.
    /// </summary>
    internal static bool IsCut(string? note) => note?.StartsWith(CutNote, StringComparison.Ordinal) == true;
}
