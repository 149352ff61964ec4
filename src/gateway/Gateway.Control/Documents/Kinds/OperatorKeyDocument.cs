namespace Gateway.Control.Documents.Kinds;

/// <summary>An API key of an operator as the store keeps it: never the key itself.</summary>
public sealed record OperatorKeyDocument
{
    /// <summary>The account's id.</summary>
    public required string OperatorId { get; init; }

    /// <summary>SHA-256 of the key.</summary>
    public required string KeyHash { get; init; }

    /// <summary>What it may at most, of what its owner may; null for all of that.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it ends; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }
}
