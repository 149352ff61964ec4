using System.Collections.Immutable;
using Gateway.Control.ConfigFile;

namespace Gateway.Admin.Identity.Roles;

/// <summary>The roles of an operator or a key.</summary>
public sealed class RoleSet(ImmutableArray<Role> roles)
{
    /// <summary>The maximum number of roles of one operator.</summary>
    public const int Max = 256;

    /// <summary>The syntax of roles, for messages.</summary>
    public static string Rule => RoleText.Rule;

    /// <summary>The roles of an administrator.</summary>
    public static RoleSet Admin { get; } = new([new Role(Role.Admin, null)]);

    /// <summary>The roles in text form.</summary>
    public IReadOnlyList<string> Texts => [.. roles.Select(static role => role.ToString())];

    /// <summary>True if there are no roles.</summary>
    public bool IsEmpty => roles.IsEmpty;

    /// <summary>True if they include the role of administrators.</summary>
    public bool IsAdmin => Allows(Permissions.Administer, null);

    /// <summary>True if they include a role of programs: an operator's agent, or a service.</summary>
    public bool IsOfProgram => roles.Any(static role => role.Name is Role.Agent or Role.Service);

    /// <summary>Returns null if one of the texts is not a valid role.</summary>
    public static RoleSet? Parse(IReadOnlyCollection<string> texts)
    {
        Role?[] roles = [.. texts.Distinct(StringComparer.Ordinal).Select(Role.Parse)];
        return roles.Length > Max || roles.Contains(null)
            ? null
            : new RoleSet([.. roles.Select(static role => role!.Value)]);
    }

    /// <summary>Returns true if the roles allow it for this server; null stands for the whole gateway.</summary>
    /// <remarks>Operations on your own account need no role.</remarks>
    public bool Allows(Permissions permission, string? server) => permission == Permissions.Self || roles.Any(role =>
        role.Permissions.HasFlag(permission) && (role.Server is null || role.Server == server));

    /// <summary>Returns true if the roles allow it for at least one server.</summary>
    public bool AllowsSomewhere(Permissions permission) =>
        roles.Any(role => role.Permissions.HasFlag(permission));

    /// <summary>Returns true if the roles allow nothing except these permissions, for any server.</summary>
    public bool IsWithin(Permissions most) => roles.All(role => (role.Permissions & ~most) == 0);

    /// <summary>Everything that the roles allow: a permission, or <c>PERMISSION:SERVER</c>.</summary>
    public IReadOnlyList<string> Allowed =>
    [
        .. (from role in roles
            from permission in Enum.GetValues<Permissions>()
            where permission is not (Permissions.None or Permissions.Self) && role.Permissions.HasFlag(permission)
            select role.Server is null ? $"{permission}" : $"{permission}:{role.Server}")
            .Prepend($"{Permissions.Self}").Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Returns true if a holder of these roles may grant the others.</summary>
    public bool Covers(RoleSet others) => others.All.All(other => roles.Any(role => role.Covers(other)));

    /// <summary>Returns the roles that both sets allow: a key's roles, as long as its owner has them.</summary>
    public RoleSet And(RoleSet others) => new(
    [
        .. roles.Where(role => others.All.Any(other => other.Covers(role)))
            .Union(others.All.Where(other => roles.Any(role => role.Covers(other)))),
    ]);

    private ImmutableArray<Role> All => roles;
}
