namespace Gateway.Control.Documents.Kinds;

/// <summary>When a gateway first saw the token under the name of the grant that the document is named after.</summary>
public sealed record FirstSeenDocument
{
    /// <summary>The SHA-256 of the token, in hexadecimal.</summary>
    public required string TokenHash { get; init; }

    /// <summary>When that was.</summary>
    public required DateTimeOffset Seen { get; init; }
}
