namespace Gateway.Catalogue.Listing;

/// <summary>The kind of an entry that a server offers.</summary>
public enum InventoryKind
{
    /// <summary>A tool.</summary>
    Tool,

    /// <summary>A prompt.</summary>
    Prompt,

    /// <summary>A resource.</summary>
    Resource,

    /// <summary>A template of resource URIs.</summary>
    Template,
}
