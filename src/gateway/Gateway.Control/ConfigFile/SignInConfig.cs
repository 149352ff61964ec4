namespace Gateway.Control.ConfigFile;

/// <summary>The gateway as an authorization server, as written.</summary>
internal sealed record SignInConfig
{
    /// <summary>
    /// The origin at which operators and clients reach the gateway: <c>https</c>, or <c>http</c> on loopback, no path.
    /// </summary>
    public string? Issuer { get; set; }

    /// <summary>Redirect URIs of a scheme of their own that a client may register; at most 100.</summary>
    public List<string> RedirectUris { get; set; } = [];
}
