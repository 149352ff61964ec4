namespace Gateway.Proxy.Control.Documents;

/// <summary>When a gateway first saw the token under the name of the grant that the document is named after.</summary>
internal sealed record FirstSeenDocument
{
    public required string TokenHash { get; init; }

    public required DateTimeOffset Seen { get; init; }
}
