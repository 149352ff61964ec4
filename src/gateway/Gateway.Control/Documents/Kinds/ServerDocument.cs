using System.Text.Json.Serialization;

namespace Gateway.Control.Documents.Kinds;

/// <summary>A server as the store keeps it.</summary>
public sealed record ServerDocument
{
    /// <summary>The address of its MCP endpoint.</summary>
    public required string Url { get; init; }

    /// <summary>Header name to its value, sealed.</summary>
    public Dictionary<string, string> SealedHeaders { get; set; } = [];

    /// <summary>A host name of its own; null where it has none.</summary>
    public string? Host { get; init; }

    /// <summary>The policy of grants that clients sign in for; null where the operator has to choose.</summary>
    [JsonPropertyName("oauthPolicy")]
    public string? OAuthPolicy { get; init; }

    /// <summary>The gateway's account for access tokens; null where it has none.</summary>
    public OAuthDocument? OAuth { get; set; }
}
