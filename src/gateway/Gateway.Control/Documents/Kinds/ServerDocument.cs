using System.Text.Json.Serialization;

namespace Gateway.Control.Documents.Kinds;

/// <summary>A server as the store keeps it.</summary>
public sealed record ServerDocument
{
    /// <summary>The address of its MCP endpoint.</summary>
    public required string Url { get; init; }

    /// <summary>The endpoints of all replicas, <see cref="Url"/> first; null where there is only one.</summary>
    public List<string>? Urls { get; init; }

    /// <summary><c>http</c> or <c>sse</c>; null where the transport is detected.</summary>
    public string? Transport { get; init; }

    /// <summary>The proxy to the server; null leaves it to the environment. It holds no credential.</summary>
    public ProxyDocument? Proxy { get; init; }

    /// <summary>How long calls wait for its response; null for as long as their clients.</summary>
    public TimeoutsDocument? Timeouts { get; init; }

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

/// <summary>The proxy to a server as the store keeps it.</summary>
public sealed record ProxyDocument
{
    /// <summary>Its address; null: the one that the environment names.</summary>
    public string? Url { get; init; }

    /// <summary>Whether the proxy resolves the server's name.</summary>
    public bool Resolves { get; init; }
}

/// <summary>The timeouts of a server as the store keeps them, in seconds.</summary>
public sealed record TimeoutsDocument
{
    /// <summary>Of any request.</summary>
    public int? CallSeconds { get; init; }

    /// <summary>The longest that progress extends a call.</summary>
    public int? MaxSeconds { get; init; }

    /// <summary>The timeouts of calls by the name of their tool.</summary>
    public Dictionary<string, int>? Tools { get; init; }
}

/// <summary>The names of a renamed server as the store keeps them, under its first name.</summary>
public sealed record ServerNamesDocument
{
    /// <summary>The name that people and agents use now.</summary>
    public required string Name { get; init; }

    /// <summary>Other names that it had, without the first one. Agents still reach it there.</summary>
    public List<string> Former { get; set; } = [];
}
