using Gateway.Proxy.Pinning;

namespace Gateway.Catalogue.Listing;

/// <summary>One entry of a server's lists.</summary>
/// <param name="Kind">The kind of list.</param>
/// <param name="Name">The name of a tool or prompt, a URI, or a template.</param>
/// <param name="Definition">The full definition, as JSON.</param>
public sealed record ListedItem(InventoryKind Kind, string Name, string Definition)
{
    private readonly Lazy<ToolDefinition?> _hashes = new(
        () => Kind == InventoryKind.Tool ? ToolDefinition.Read(Definition) : null);

    /// <summary>The hashes of a tool; null for any other entry, and if the definition is unreadable.</summary>
    internal ToolDefinition? Hashes => _hashes.Value;
}
