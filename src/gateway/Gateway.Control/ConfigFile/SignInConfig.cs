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
}
