namespace Gateway.Control.Documents.Kinds;

/// <summary>Who an operator is at an OpenID Connect provider.</summary>
public sealed record IdentityDocument
{
    /// <summary>The provider, exactly as it writes itself.</summary>
    public required string Issuer { get; init; }

    /// <summary>Its name for the person (<c>sub</c>), which it gives to nobody else.</summary>
    public required string Subject { get; init; }

    /// <summary>Whether the roles are what the provider's claims give at each sign-in.</summary>
    public bool HasClaimedRoles { get; init; }
}
