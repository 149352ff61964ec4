namespace Gateway.Control.Documents.Kinds;

/// <summary>An operator's account in the store, without the password.</summary>
public sealed record OperatorDocument
{
    /// <summary>
    /// The id, 128 random bits. A later account of the same name has another id, so keys and sessions do not apply to
    /// it.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>The person's name as they write it.</summary>
    public string? DisplayName { get; init; }

    /// <summary>The roles, each <c>ROLE</c> or <c>ROLE:SERVER</c>.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>True if the account cannot sign in and its keys are rejected.</summary>
    public bool Disabled { get; init; }

    /// <summary>The time of creation.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>
    /// The hash of the password, in the format of the framework's hasher; null if no password was set.
    /// </summary>
    public string? PasswordHash { get; init; }

    /// <summary>The identity at an OpenID Connect provider; null if none is linked.</summary>
    public IdentityDocument? Identity { get; init; }
}

/// <summary>An operator's identity at an OpenID Connect provider.</summary>
public sealed record IdentityDocument
{
    /// <summary>The issuer, exactly as the provider writes it.</summary>
    public required string Issuer { get; init; }

    /// <summary>The provider's id for the person (<c>sub</c>), which it assigns to nobody else.</summary>
    public required string Subject { get; init; }

    /// <summary>True if the provider's claims determine the roles at each sign-in.</summary>
    public bool HasClaimedRoles { get; init; }
}
