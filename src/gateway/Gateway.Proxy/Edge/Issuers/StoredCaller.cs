namespace Gateway.Proxy.Edge.Issuers;

/// <summary>
/// The caller of a call that runs later, without its token. What it names is looked up again then.
/// </summary>
internal sealed record StoredCaller
{
    /// <summary>The <c>iss</c> of the caller's token; null if no token with a subject identified it.</summary>
    public string? Issuer { get; init; }

    /// <summary>The claims of that token.</summary>
    public string? Claims { get; init; }

    /// <summary>The thumbprint of the key that signed that token; null for a token of the gateway.</summary>
    public string? Key { get; init; }

    /// <summary>The credentials of the client that obtained the token from the gateway.</summary>
    public string? ClientCredentials { get; init; }

    /// <summary>The sign-in of the caller's client; null for none.</summary>
    public string? SignIn { get; init; }
}
