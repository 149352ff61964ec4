using System.Collections.Immutable;
using Gateway.Control.ConfigFile;

namespace Gateway.Admin.Identity.Roles;

/// <summary>The roles of an operator or a key.</summary>
public sealed class RoleSet(ImmutableArray<Role> roles)
{
    /// <summary>Roles of one operator; more are refused.</summary>
    public const int Max = 256;

    /// <summary>How roles are written.</summary>
    public static string Rule => RoleText.Rule;

    /// <summary>Everything.</summary>
    public static RoleSet Admin { get; } = new([new Role(Role.Admin, null)]);

    /// <summary>As they are written.</summary>
    public IReadOnlyList<string> Texts => [.. roles.Select(static role => role.ToString())];

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => roles.IsEmpty;

    /// <summary>Whether they hold the role of administrators.</summary>
    public bool IsAdmin => Allows(Permissions.Administer, null);

    /// <summary>Null where one of them is no role.</summary>
    public static RoleSet? Parse(IReadOnlyCollection<string> texts)
    {
        Role?[] roles = [.. texts.Distinct(StringComparer.Ordinal).Select(Role.Parse)];
        return roles.Length > Max || roles.Contains(null)
            ? null
            : new RoleSet([.. roles.Select(static role => role!.Value)]);
    }

    /// <summary>Whether they allow it for this server; null asks for the whole gateway.</summary>
    /// <remarks>What is one's own needs no role.</remarks>
    public bool Allows(Permissions permission, string? server) => permission == Permissions.Self || roles.Any(role =>
        role.Permissions.HasFlag(permission) && (role.Server is null || role.Server == server));

    /// <summary>Whether they allow it for some server at least.</summary>
    public bool AllowsSomewhere(Permissions permission) =>
        roles.Any(role => role.Permissions.HasFlag(permission));

    /// <summary>Whether they allow nothing else than these permissions, for any server.</summary>
    public bool IsWithin(Permissions most) => roles.All(role => (role.Permissions & ~most) == 0);

    /// <summary>Everything that they allow: a permission, or <c>PERMISSION:SERVER</c>.</summary>
    public IReadOnlyList<string> Allowed =>
    [
        .. (from role in roles
            from permission in Enum.GetValues<Permissions>()
            where permission is not (Permissions.None or Permissions.Self) && role.Permissions.HasFlag(permission)
            select role.Server is null ? $"{permission}" : $"{permission}:{role.Server}")
            .Prepend($"{Permissions.Self}").Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Whether whoever has these may give those.</summary>
    public bool Covers(RoleSet others) => others.All.All(other => roles.Any(role => role.Covers(other)));

    /// <summary>What both allow: a key's roles, as long as its owner has them.</summary>
    public RoleSet And(RoleSet others) => new(
    [
        .. roles.Where(role => others.All.Any(other => other.Covers(role)))
            .Union(others.All.Where(other => roles.Any(role => role.Covers(other)))),
    ]);

    private ImmutableArray<Role> All => roles;
}
