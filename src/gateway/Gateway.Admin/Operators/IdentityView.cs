using Gateway.Control.Documents.Kinds;

namespace Gateway.Admin.Operators;

/// <summary>An operator's identity at an OpenID Connect provider.</summary>
/// <param name="Issuer">The provider's exact issuer identifier.</param>
/// <param name="Subject">The provider's identifier of the person (<c>sub</c>).</param>
/// <param name="HasClaimedRoles">In responses only: true if the provider's claims give the roles.</param>
internal sealed record IdentityView(string Issuer, string Subject, bool? HasClaimedRoles = null)
{
    /// <summary>Converts a stored identity.</summary>
    public static IdentityView? Of(IdentityDocument? stored) =>
        stored is null ? null : new(stored.Issuer, stored.Subject, stored.HasClaimedRoles);
}
