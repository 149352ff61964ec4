using Gateway.Admin.Identity.Roles;
using Gateway.Control.Documents.Kinds;

namespace Gateway.Admin.Identity.Operators;

/// <summary>An operator: a person, or a program that works for one.</summary>
/// <param name="Name">The name.</param>
/// <param name="Stored">As the store keeps it.</param>
/// <param name="Roles">What it may do.</param>
/// <param name="Version">The document's.</param>
public sealed record OperatorAccount(string Name, OperatorDocument Stored, RoleSet Roles, long Version)
{
    /// <summary>What tells it from another account that had its name.</summary>
    public string Id => Stored.Id;

    /// <summary>The person's name as they write it; null where it was not said.</summary>
    public string? DisplayName => Stored.DisplayName;

    /// <summary>Whether nothing opens with it.</summary>
    public bool IsDisabled => Stored.Disabled;

    /// <summary>When it was made.</summary>
    public DateTimeOffset? Created => Stored.Created;

    /// <summary>Null where no password was set.</summary>
    public string? PasswordHash => Stored.PasswordHash;

    /// <summary>Who it is at an OpenID Connect provider; null where nobody has said.</summary>
    public IdentityDocument? Identity => Stored.Identity;

    /// <summary>Whether an administrator can sign in with it, whatever ends meanwhile.</summary>
    public bool IsSureAdmin => IsSure(Stored, Roles);

    /// <summary>
    /// The same of what is to be stored. Where a provider's claims give the roles, the next sign-in may take them.
    /// </summary>
    public static bool IsSure(OperatorDocument stored, RoleSet roles) =>
        !stored.Disabled && roles.IsAdmin
        && (stored.Identity is { } identity ? !identity.HasClaimedRoles : stored.PasswordHash is not null);
}
