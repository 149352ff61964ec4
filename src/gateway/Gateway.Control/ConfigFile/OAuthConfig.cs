namespace Gateway.Control.ConfigFile;

/// <summary>The gateway's own account at a server's authorization server (<c>client_credentials</c>).</summary>
public sealed record OAuthConfig
{
    /// <summary>The client's id, 1 to 1,024 visible ASCII characters.</summary>
    public string? ClientId { get; set; }

    /// <summary>The client's secret, 1 to 4,096 visible ASCII characters; as a rule <c>${NAME}</c>.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>What is asked for, with blanks between; absent: what the server says that it needs.</summary>
    public string? Scope { get; set; }

    /// <summary>
    /// The only authorization server that gets the secret, written exactly as it writes itself; absent: the one that
    /// the server names.
    /// </summary>
    public string? Issuer { get; set; }
}
