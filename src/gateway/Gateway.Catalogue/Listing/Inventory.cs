namespace Gateway.Catalogue.Listing;

/// <summary>What a server offers, as far as it was read.</summary>
/// <param name="Tools">Its tools, by name.</param>
/// <param name="Note">What is left out; null where nothing is.</param>
public sealed record Inventory(IReadOnlyList<ToolFacts> Tools, string? Note);
