namespace Gateway.Catalogue.Listing;

/// <summary>What a server offers.</summary>
public enum InventoryKind
{
    /// <summary>A tool.</summary>
    Tool,

    /// <summary>A prompt.</summary>
    Prompt,

    /// <summary>A resource.</summary>
    Resource,

    /// <summary>A template of resources' URIs.</summary>
    Template,
}
