namespace Gateway.Control.Documents.Kinds;

/// <summary>A server as the store keeps it.</summary>
public sealed record ServerDocument
{
    /// <summary>The address of its MCP endpoint.</summary>
    public required string Url { get; init; }

    /// <summary>Header name to its value, sealed.</summary>
    public Dictionary<string, string> SealedHeaders { get; set; } = [];

    /// <summary>The gateway's account for access tokens; null where it has none.</summary>
    public OAuthDocument? OAuth { get; set; }
}
