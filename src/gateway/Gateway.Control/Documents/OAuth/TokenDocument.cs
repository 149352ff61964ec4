namespace Gateway.Control.Documents.OAuth;

/// <summary>Every token of one grant, hashed.</summary>
public sealed record TokenDocument
{
    /// <summary>
    /// The grant's token identity, which distinguishes the grant from an earlier one of the same name.
    /// </summary>
    public required string GrantToken { get; init; }

    /// <summary>One family for each code that was redeemed.</summary>
    public IReadOnlyList<TokenFamily> Families { get; init; } = [];
}
