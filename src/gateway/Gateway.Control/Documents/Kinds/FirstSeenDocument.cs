namespace Gateway.Control.Documents.Kinds;

/// <summary>The time at which a gateway first saw a grant's token. The document has the name of the grant.</summary>
public sealed record FirstSeenDocument
{
    /// <summary>The SHA-256 of the token, in hexadecimal.</summary>
    public required string TokenHash { get; init; }

    /// <summary>The time at which the token was first seen.</summary>
    public required DateTimeOffset Seen { get; init; }
}
