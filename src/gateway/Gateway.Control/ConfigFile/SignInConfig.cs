using System.Text.Json;

namespace Gateway.Control.ConfigFile;

/// <summary>The gateway's settings as an authorization server, as written.</summary>
internal sealed record SignInConfig
{
    /// <summary>
    /// The origin at which operators and clients reach the gateway: <c>https</c>, or <c>http</c> on loopback, without a
    /// path.
    /// </summary>
    public string? Issuer { get; set; }

    /// <summary>Redirect URIs with a custom scheme that a client may register; at most 100.</summary>
    public List<string> RedirectUris { get; set; } = [];

    /// <summary>Programs with credentials of their own, by client id; at most 1,000.</summary>
    public Dictionary<string, ClientConfig> Clients { get; set; } = [];
}

/// <summary>A member of <c>oauth.clients</c> of the configuration file.</summary>
internal sealed record ClientConfig
{
    /// <summary>The secret; null for a client that signs assertions.</summary>
    public string? Secret { get; set; }

    /// <summary>The public keys of a client that signs assertions (RFC 7517, 5); null for a secret.</summary>
    public JsonElement? Jwks { get; set; }

    /// <summary>The grant that it obtains tokens for by client credentials; null for none.</summary>
    public string? Grant { get; set; }
}
