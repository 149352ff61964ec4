namespace Gateway.Control.Documents.Kinds;

/// <summary>An API key of an operator in the store, without the key itself.</summary>
public sealed record OperatorKeyDocument
{
    /// <summary>The account's id.</summary>
    public required string OperatorId { get; init; }

    /// <summary>The SHA-256 of the key.</summary>
    public required string KeyHash { get; init; }

    /// <summary>The roles to which the key restricts those of its owner; null for all of the owner's roles.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>The time of creation.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The expiry; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }
}
