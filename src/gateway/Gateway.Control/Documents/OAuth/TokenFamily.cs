namespace Gateway.Control.Documents.OAuth;

/// <summary>The tokens that descend from one authorization code.</summary>
public sealed record TokenFamily
{
    /// <summary>The code's hash.</summary>
    public required string Id { get; init; }

    /// <summary>The client's id.</summary>
    public required string ClientId { get; init; }

    /// <summary>The granted scope.</summary>
    public required string Scope { get; init; }

    /// <summary>The thumbprint of the key to which its tokens are bound; null for tokens without a key.</summary>
    public string? ProofKey { get; init; }

    /// <summary>The last time that tokens were issued.</summary>
    public required DateTimeOffset Used { get; init; }

    /// <summary>True once the code came twice or a token was reused: the family has no tokens, and gets none.</summary>
    public bool Ended { get; init; }

    /// <summary>The refresh tokens.</summary>
    public IReadOnlyList<RefreshEntry> Refresh { get; init; } = [];

    /// <summary>The access tokens.</summary>
    public IReadOnlyList<AccessEntry> Access { get; init; } = [];
}

/// <summary>One access token.</summary>
/// <param name="Hash">The token's hash; nothing else of it is kept.</param>
/// <param name="Until">The token's expiry.</param>
public sealed record AccessEntry(string Hash, DateTimeOffset Until);

/// <summary>One refresh token.</summary>
/// <param name="Hash">The SHA-256 of the token.</param>
/// <param name="Parent">The hash of the token that it replaced; null for the first one.</param>
public sealed record RefreshEntry(string Hash, string? Parent = null)
{
    /// <summary>The time of the first use, at which the successor was issued; null for the current token.</summary>
    public DateTimeOffset? Replaced { get; init; }

    /// <summary>True once the successor was used. From then on, presenting this token ends the family.</summary>
    public bool Superseded { get; init; }
}
