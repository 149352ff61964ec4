namespace Gateway.Control.Documents.OAuth;

/// <summary>Every token of one grant, hashed.</summary>
public sealed record TokenDocument
{
    /// <summary>What tells the grant from another one that had its name.</summary>
    public required string GrantToken { get; init; }

    /// <summary>One family for each code that was redeemed.</summary>
    public IReadOnlyList<TokenFamily> Families { get; init; } = [];
}
