namespace Gateway.Identity.OAuth.Documents;

/// <summary>A code, bound to all that it was given for.</summary>
internal sealed record CodeDocument
{
    public required string ClientId { get; init; }

    public required string RedirectUri { get; init; }

    public required string Challenge { get; init; }

    public required string Scope { get; init; }

    /// <summary>The server, or all of the grant's.</summary>
    public required string Server { get; init; }

    /// <summary>The grant's name.</summary>
    public required string Grant { get; init; }

    /// <summary>What tells it from another grant that had its name.</summary>
    public required string GrantToken { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Whether it was exchanged. Written before any token is, so that it never is twice.</summary>
    public bool Used { get; init; }
}
