using System.Text.Json.Serialization;
using Gateway.Control.Contracts;

namespace Gateway.Control.Documents.Kinds;

/// <summary>
/// A server as the store keeps it: its configuration, with <see cref="ServerSpec.Url"/> beside the endpoints of all
/// replicas, and its sealed credentials. A release refuses a server with a member that it does not know.
/// </summary>
public sealed record ServerDocument : ServerSpec
{
    /// <summary>Header name to its value, sealed.</summary>
    public Dictionary<string, string> SealedHeaders { get; set; } = [];

    /// <summary>The gateway's account for access tokens; null where it has none.</summary>
    [JsonPropertyName("oauth")]
    public OAuthDocument? OAuth { get; set; }
}

/// <summary>The gateway's account at a server's authorization server as the store keeps it.</summary>
public sealed record OAuthDocument : ServerAccountSpec
{
    /// <summary>The client's secret, sealed.</summary>
    public required string SealedSecret { get; init; }
}

/// <summary>The names of a renamed server as the store keeps them, under its first name.</summary>
public sealed record ServerNamesDocument
{
    /// <summary>The name that people and agents use now.</summary>
    public required string Name { get; init; }

    /// <summary>Other names that it had, without the first one. Agents still reach it there.</summary>
    public List<string> Former { get; set; } = [];
}
