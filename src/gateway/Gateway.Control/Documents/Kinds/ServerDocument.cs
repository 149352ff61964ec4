using System.Text.Json.Serialization;
using Gateway.Control.Contracts;

namespace Gateway.Control.Documents.Kinds;

/// <summary>
/// A server in the store: its configuration, with <see cref="ServerSpec.Url"/> beside the endpoints of all replicas,
/// and its sealed credentials. A release that does not know a member rejects the whole server.
/// </summary>
public sealed record ServerDocument : ServerSpec
{
    /// <summary>The sealed values of headers, by the header's name.</summary>
    public Dictionary<string, string> SealedHeaders { get; set; } = [];

    /// <summary>The gateway's account for access tokens; null if it has none.</summary>
    [JsonPropertyName("oauth")]
    public OAuthDocument? OAuth { get; set; }
}

/// <summary>The gateway's account at a server's authorization server, in the store.</summary>
public sealed record OAuthDocument : ServerAccountSpec
{
    /// <summary>The client's secret, sealed; empty for a client without one.</summary>
    public required string SealedSecret { get; init; }

    /// <summary>
    /// The client's private key, sealed; null for a client without one. A release that does not know this member finds
    /// no secret, so it never sends the key.
    /// </summary>
    public string? SealedKey { get; init; }
}

/// <summary>The names of a renamed server in the store, under its first name.</summary>
public sealed record ServerNamesDocument
{
    /// <summary>The current name, which people and agents use.</summary>
    public required string Name { get; init; }

    /// <summary>Its previous names, without the first one. Agents can still use them.</summary>
    public List<string> Former { get; set; } = [];
}
