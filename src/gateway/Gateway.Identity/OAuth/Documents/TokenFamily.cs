namespace Gateway.Identity.OAuth.Documents;

/// <summary>What came of one code.</summary>
internal sealed record TokenFamily
{
    /// <summary>The code's hash.</summary>
    public required string Id { get; init; }

    public required string ClientId { get; init; }

    public required string Scope { get; init; }

    /// <summary>The last time that tokens were taken.</summary>
    public required DateTimeOffset Used { get; init; }

    /// <summary>That its code came twice, or a token was used again: it has no tokens, and gets none.</summary>
    public bool Ended { get; init; }

    public IReadOnlyList<RefreshEntry> Refresh { get; init; } = [];

    public IReadOnlyList<AccessEntry> Access { get; init; } = [];
}
