namespace Gateway.Identity.OAuth.Documents;

/// <summary>Every token of one grant, hashed.</summary>
internal sealed record TokenDocument
{
    /// <summary>What tells the grant from another one that had its name.</summary>
    public required string GrantToken { get; init; }

    public IReadOnlyList<TokenFamily> Families { get; init; } = [];
}
