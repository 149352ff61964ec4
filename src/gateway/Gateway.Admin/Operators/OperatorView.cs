using Gateway.Control.Documents.Kinds;

namespace Gateway.Admin.Operators;

/// <summary>An operator in a response.</summary>
/// <param name="Name">The name.</param>
/// <param name="DisplayName">The person's display name.</param>
/// <param name="Roles">The roles, each <c>ROLE</c>, or <c>ROLE:SERVER</c> for one server.</param>
/// <param name="Status"><c>active</c> or <c>disabled</c>.</param>
/// <param name="HasPassword">True if the operator can sign in with a password.</param>
/// <param name="Created">The time of creation.</param>
/// <param name="LastUsed">The time of the last request, to the minute.</param>
/// <param name="Identity">The identity at an OpenID Connect provider.</param>
/// <param name="Password">In records only: <c>changed</c>.</param>
internal sealed record OperatorView(
    string Name,
    string? DisplayName,
    IReadOnlyList<string> Roles,
    string Status,
    bool HasPassword,
    DateTimeOffset? Created,
    DateTimeOffset? LastUsed = null,
    IdentityView? Identity = null,
    string? Password = null);

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
