using Gateway.Admin.Identity.Roles;
using Gateway.Control.Documents.Kinds;

namespace Gateway.Admin.Identity.Operators;

/// <summary>An operator: a person, or a program that works for one.</summary>
/// <param name="Name">The name of the account.</param>
/// <param name="Stored">The stored document.</param>
/// <param name="Roles">The roles of the operator.</param>
/// <param name="Version">The version of the document.</param>
public sealed record OperatorAccount(string Name, OperatorDocument Stored, RoleSet Roles, long Version)
{
    /// <summary>The id that distinguishes it from an earlier account of the same name.</summary>
    public string Id => Stored.Id;

    /// <summary>The person's display name; null if unknown.</summary>
    public string? DisplayName => Stored.DisplayName;

    /// <summary>True if the account gives no access.</summary>
    public bool IsDisabled => Stored.Disabled;

    /// <summary>The time of creation.</summary>
    public DateTimeOffset? Created => Stored.Created;

    /// <summary>The hash of the password; null if none was set.</summary>
    public string? PasswordHash => Stored.PasswordHash;

    /// <summary>The identity at an OpenID Connect provider; null if none is linked.</summary>
    public IdentityDocument? Identity => Stored.Identity;

    /// <summary>True if an administrator can always sign in with the account, whatever expires.</summary>
    public bool IsSureAdmin => IsSure(Stored, Roles);

    /// <summary>
    /// Returns the same for a document that is yet to be stored. If a provider's claims give the roles, the next
    /// sign-in may remove them.
    /// </summary>
    public static bool IsSure(OperatorDocument stored, RoleSet roles) =>
        !stored.Disabled && roles.IsAdmin
        && (stored.Identity is { } identity ? !identity.HasClaimedRoles : stored.PasswordHash is not null);
}
