namespace Gateway.Control.Documents.OAuth;

/// <summary>An authorization code, bound to everything that it was issued for.</summary>
public sealed record CodeDocument
{
    /// <summary>The client's id.</summary>
    public required string ClientId { get; init; }

    /// <summary>The redirect URI of the authorization request.</summary>
    public required string RedirectUri { get; init; }

    /// <summary>The PKCE code challenge (RFC 7636).</summary>
    public required string Challenge { get; init; }

    /// <summary>The requested scope.</summary>
    public required string Scope { get; init; }

    /// <summary>The server, or all servers of the grant.</summary>
    public required string Server { get; init; }

    /// <summary>The grant's name.</summary>
    public required string Grant { get; init; }

    /// <summary>
    /// The grant's token identity, which distinguishes the grant from an earlier one of the same name.
    /// </summary>
    public required string GrantToken { get; init; }

    /// <summary>The time at which it was created.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>
    /// True if the code was exchanged. Written before any token is, so that no code is exchanged twice.
    /// </summary>
    public bool Used { get; init; }
}
