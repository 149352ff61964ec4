using Gateway.Control.ConfigFile;

namespace Gateway.Admin.Identity.Roles;

/// <summary>A role of an operator: for the whole gateway, or for one server.</summary>
/// <param name="Name">One of <see cref="Names"/>.</param>
/// <param name="Server">The server that the role is for; null for all.</param>
public readonly record struct Role(string Name, string? Server)
{
    /// <summary>The role with all administrative permissions; it cannot be bound to a server.</summary>
    public const string Admin = RoleText.Admin;

    /// <summary>The role of an operator's agent.</summary>
    public const string Agent = "agent";

    /// <summary>The role of a program that charges budgets.</summary>
    public const string Service = "service";

    private static readonly Dictionary<string, Permissions> All = new(StringComparer.Ordinal)
    {
        ["viewer"] = Permissions.Self | Permissions.Read | Permissions.ReadApprovals,
        ["approver"] = Permissions.Self | Permissions.ReadApprovals | Permissions.AnswerApprovals,
        ["editor"] = Permissions.Self | Permissions.Read | Permissions.ReadApprovals | Permissions.Edit
            | Permissions.Connect | Permissions.Pause,
        [Admin] = Permissions.Self | Permissions.Read | Permissions.ReadApprovals | Permissions.AnswerApprovals
            | Permissions.Edit | Permissions.Administer | Permissions.Connect | Permissions.Charge
            | Permissions.ManageSecrets | Permissions.Pause | Permissions.UseMcp,
        ["member"] = Permissions.Self | Permissions.Connect,
        [Service] = Permissions.Self | Permissions.Charge,
        [Agent] = Permissions.Self | Permissions.Read | Permissions.ReadApprovals | Permissions.Pause
            | Permissions.UseMcp,
    };

    /// <summary>The names of all roles.</summary>
    public static IReadOnlyList<string> Names => RoleText.Names;

    /// <summary>The permissions of the role.</summary>
    public Permissions Permissions => All[Name];

    /// <summary>Returns the permissions of a role by name.</summary>
    public static Permissions Of(string name) => All[name];

    /// <summary>Reads <c>ROLE</c> or <c>ROLE:SERVER</c>; returns null if the text is neither.</summary>
    public static Role? Parse(string text) =>
        RoleText.Split(text) is var (name, server) ? new Role(name, server) : null;

    /// <summary>Returns true if this role includes everything that the other role allows.</summary>
    public bool Covers(Role other) =>
        (Permissions & other.Permissions) == other.Permissions && (Server is null || Server == other.Server);

    /// <inheritdoc/>
    public override string ToString() => Server is null ? Name : $"{Name}:{Server}";
}
