namespace Gateway.Control.Documents.Kinds;

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
