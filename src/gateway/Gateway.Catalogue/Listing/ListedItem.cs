namespace Gateway.Catalogue.Listing;

/// <summary>One entry of a server's lists.</summary>
/// <param name="Kind">Which list.</param>
/// <param name="Name">The name of a tool or prompt, a URI, or a template.</param>
/// <param name="Definition">All that the server says of it, as JSON.</param>
public sealed record ListedItem(InventoryKind Kind, string Name, string Definition);
