namespace Gateway.Catalogue.Listing;

/// <summary>One entry of a server's lists.</summary>
/// <param name="Kind">The kind of list.</param>
/// <param name="Name">The name of a tool or prompt, a URI, or a template.</param>
/// <param name="Definition">The full definition, as JSON.</param>
public sealed record ListedItem(InventoryKind Kind, string Name, string Definition);
