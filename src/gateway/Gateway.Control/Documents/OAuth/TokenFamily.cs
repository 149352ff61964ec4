namespace Gateway.Control.Documents.OAuth;

/// <summary>What came of one code.</summary>
public sealed record TokenFamily
{
    /// <summary>The code's hash.</summary>
    public required string Id { get; init; }

    /// <summary>The client's id.</summary>
    public required string ClientId { get; init; }

    /// <summary>The granted scope.</summary>
    public required string Scope { get; init; }

    /// <summary>The last time that tokens were taken.</summary>
    public required DateTimeOffset Used { get; init; }

    /// <summary>That its code came twice, or a token was used again: it has no tokens, and gets none.</summary>
    public bool Ended { get; init; }

    /// <summary>The refresh tokens.</summary>
    public IReadOnlyList<RefreshEntry> Refresh { get; init; } = [];

    /// <summary>The access tokens.</summary>
    public IReadOnlyList<AccessEntry> Access { get; init; } = [];
}
