using Gateway.Proxy.Pinning;

namespace Gateway.Catalogue.Listing;

/// <summary>A server's inventory, as far as it was read.</summary>
/// <param name="Tools">The tools, by name.</param>
/// <param name="Note">A note about omissions; null if there are none.</param>
public sealed record Inventory(IReadOnlyList<ToolFacts> Tools, string? Note)
{
    /// <summary>The prefix of a note about omitted tools.</summary>
    internal const string CutNote = "At most ";

    /// <summary>All entries as listed: tools, prompts, resources and templates.</summary>
    public IReadOnlyList<ListedItem> Items { get; init; } = [];

    /// <summary>The apps that tools name.</summary>
    public IReadOnlyList<AppContent> Apps { get; init; } = [];

    /// <summary>The instructions that the server sends to every client; null if there are none.</summary>
    public string? Instructions { get; init; }

    /// <summary>The time at which it was last listed; null if it was read just now.</summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>The reason why it may be outdated; null if it was read recently.</summary>
    public string? Stale { get; init; }

    /// <summary>
    /// Returns true if a note reports omitted tools. A list with omitted tools cannot become the baseline; a missing
    /// list, which a note may also report, does not prevent that.
    /// </summary>
    internal static bool IsCut(string? note) => note?.StartsWith(CutNote, StringComparison.Ordinal) == true;
}
