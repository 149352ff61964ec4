namespace Gateway.Control.ConfigFile;

/// <summary>The text of a role: <c>ROLE</c>, or <c>ROLE:SERVER</c> for one server.</summary>
public static class RoleText
{
    /// <summary>The role that allows everything; it cannot be bound to a server.</summary>
    public const string Admin = "admin";

    /// <summary>The names of all roles.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["viewer", "approver", "editor", Admin, "member", "service", "agent"];

    /// <summary>The rule as text, for messages.</summary>
    public static string Rule { get; } =
        $"a role is {string.Join(", ", Names)}, and all but {Admin} may be bound to a server: approver:SERVER";

    /// <summary>Returns the two parts of a role; null if the text is not a role.</summary>
    public static (string Name, string? Server)? Split(string text)
    {
        var parts = text.Split(':', 2);
        var server = parts.Length == 2 ? parts[1] : null;
        return Names.Contains(parts[0], StringComparer.Ordinal)
            && (server is null || (parts[0] != Admin && EntityName.IsValid(server)))
                ? (parts[0], server)
                : null;
    }
}
