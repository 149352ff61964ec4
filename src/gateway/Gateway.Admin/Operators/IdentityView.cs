using Gateway.Control.Documents.Kinds;

namespace Gateway.Admin.Operators;

/// <summary>Who an operator is at an OpenID Connect provider.</summary>
/// <param name="Issuer">The provider, exactly as it writes itself.</param>
/// <param name="Subject">Its name for the person (<c>sub</c>).</param>
/// <param name="HasClaimedRoles">Shown only: whether the provider's claims give the roles, at each sign-in.</param>
internal sealed record IdentityView(string Issuer, string Subject, bool? HasClaimedRoles = null)
{
    /// <summary>As it is shown.</summary>
    public static IdentityView? Of(IdentityDocument? stored) =>
        stored is null ? null : new(stored.Issuer, stored.Subject, stored.HasClaimedRoles);
}
