using Gateway.Proxy.Pinning;

namespace Gateway.Catalogue.Listing;

/// <summary>One entry of a server's lists.</summary>
/// <param name="Kind">The kind of list.</param>
/// <param name="Name">The name of a tool or prompt, a URI, or a template.</param>
/// <param name="Definition">The full definition, as JSON.</param>
public sealed record ListedItem(InventoryKind Kind, string Name, string Definition)
{
    private readonly Lazy<ToolDefinition?> _hashes = new(() => Kind switch
    {
        InventoryKind.Tool => ToolDefinition.Read(Definition),
        InventoryKind.Prompt => ToolDefinition.ReadPrompt(Definition),
        InventoryKind.Resource => ToolDefinition.ReadResource(Definition),
        InventoryKind.Template => ToolDefinition.ReadTemplate(Definition),
        _ => throw new NotSupportedException($"InventoryKind {Kind} has no case here."),
    });

    /// <summary>The hashes; null if the definition is unreadable.</summary>
    internal ToolDefinition? Hashes => _hashes.Value;
}
