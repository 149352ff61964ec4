namespace Gateway.Control.Documents.Kinds;

/// <summary>When a gateway first saw the token under the name of the grant that the document is named after.</summary>
public sealed record FirstSeenDocument
{
    public required string TokenHash { get; init; }

    public required DateTimeOffset Seen { get; init; }
}
