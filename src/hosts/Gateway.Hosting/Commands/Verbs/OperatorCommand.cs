using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary><c>gateway operator</c>: who may change what.</summary>
internal static class OperatorCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "The operator's name." };

    private static readonly Option<string[]> Role = new("--role")
    {
        Description = "viewer, approver, editor, admin, member, service or agent; all but admin also for one server, "
            + "as approver:crm. May be given several times.",
        HelpName = "ROLE[:SERVER]",
    };

    private static readonly Option<string?> DisplayName = new("--display-name")
    {
        Description = "The person's name as they write it.",
        HelpName = "TEXT",
    };

    private static readonly Option<bool> Password = new("--password")
    {
        Description = "Set a password: it is asked for, or read from the first line of standard input.",
    };

    private static readonly Option<bool> Disable = new("--disable")
    {
        Description = "Take that key no more; an administrator with a password must be there.",
    };

    private static readonly Option<bool> Enable = new("--enable")
    {
        Description = "Make another such key, printed this once; the one from before ends.",
    };

    /// <summary><c>gateway operator</c>.</summary>
    public static Command Create() => new("operator", "Make, list, change, disable and remove operators.")
    {
        RemoteVerb.Create("create",
            "Make an operator.\n\nExample:\n  gateway operator create ana --role admin --password", CreateAsync, Name,
            Role, DisplayName, Password),
        RemoteVerb.CreateRows("list",
            "List the operators with their last use.\n\nExample:\n  gateway operator list", ListAsync),
        RemoteVerb.CreateRows("show", "Show an operator.\n\nExample:\n  gateway operator show ana", ShowAsync, Name),
        RemoteVerb.Create("set",
            "Change an operator; what is not named stays, and --role names all of the roles.\n\nExample:\n"
            + "  gateway operator set ana --role viewer --role approver:crm",
            SetAsync, Name, Role, DisplayName, Password),
        RemoteVerb.Create("disable",
            "Refuse an operator's keys and sessions until it is enabled.\n\nExample:\n  gateway operator disable ana",
            (parsed, client, output, cancellation) => PostAsync(parsed, "disable", client, output, cancellation), Name),
        RemoteVerb.Create("enable",
            "Take an operator's keys and sessions again.\n\nExample:\n  gateway operator enable ana",
            (parsed, client, output, cancellation) => PostAsync(parsed, "enable", client, output, cancellation), Name),
        RemoteVerb.Create("remove",
            "Remove an operator, with its keys and sessions.\n\nExample:\n  gateway operator remove ana", RemoveAsync,
            Name),
        RemoteVerb.Create("break-glass",
            "Say whether the administrator's key is taken, which is nobody's; disable or enable it.\n\nExample:\n"
            + "  gateway operator break-glass --disable",
            BreakGlassAsync, Disable, Enable),
    };

    /// <summary>As the admin API takes them.</summary>
    public static JsonArray Roles(string[] roles) =>
        new([.. roles.Select(static role => JsonValue.Create(role))]);

    private static async Task<int> CreateAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var body = new JsonObject
        {
            ["name"] = parsed.GetValue(Name),
            ["displayName"] = parsed.GetValue(DisplayName),
            ["roles"] = Roles(parsed.GetValue(Role) ?? []),
        };
        if (!TryPassword(parsed, body))
            return ExitCode.Usage;
        var made = (await client.SendAsync("POST", "operators", body, null, cancellation)).Object;
        var next = (bool)made["hasPassword"]!
            ? $"gateway login {made["name"]}"
            : $"gateway key create laptop --operator {made["name"]}";
        output.Say($"{made["name"]} is {LoginCommand.Roles(made)}. Next: {next}", made);
        return ExitCode.Well;
    }

    private static async Task<int> ListAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        output.Table(
            await client.ListAsync("operators", cancellation), "There are no operators. See: gateway operator create",
            ("NAME", static one => (string?)one["name"]),
            ("STATUS", static one => (string?)one["status"]),
            ("ROLES", static one => LoginCommand.Roles(one)),
            ("LAST USED", static one => Times.Show((string?)one["lastUsed"])),
            ("DISPLAY NAME", static one => (string?)one["displayName"]));
        return ExitCode.Well;
    }

    private static async Task<int> ShowAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        Print(output, (await client.GetAsync(Path(parsed), cancellation)).Object);
        return ExitCode.Well;
    }

    private static async Task<int> SetAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var (roles, display) = (parsed.GetValue(Role) ?? [], parsed.GetValue(DisplayName));
        if (roles.Length == 0 && display is null && !parsed.GetValue(Password))
        {
            Console.Error.WriteLine("Nothing is to be changed; write --role, --display-name or --password.");
            return ExitCode.Usage;
        }

        var old = await client.GetAsync(Path(parsed), cancellation);
        var patch = new JsonObject();
        if (display is not null)
            patch["displayName"] = display;
        if (roles.Length > 0)
            patch["roles"] = Roles(roles);
        if (!TryPassword(parsed, patch))
            return ExitCode.Usage;
        Print(output, (await client.PatchAsync(Path(parsed), patch, old.ETag, cancellation)).Object);
        return ExitCode.Well;
    }

    private static async Task<int> PostAsync(
        ParseResult parsed, string verb, AdminClient client, Output output, CancellationToken cancellation)
    {
        var after = (await client.SendAsync("POST", $"{Path(parsed)}/{verb}", null, null, cancellation)).Object;
        output.Say($"{after["name"]} is {after["status"]}.", after);
        return ExitCode.Well;
    }

    private static async Task<int> RemoveAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        // Removing is meant whatever the operator has become meanwhile.
        await client.SendAsync("DELETE", Path(parsed), null, "*", cancellation);
        output.Say($"{parsed.GetValue(Name)} is removed. Records go on naming it.", null);
        return ExitCode.Well;
    }

    private static async Task<int> BreakGlassAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var (off, on) = (parsed.GetValue(Disable), parsed.GetValue(Enable));
        if (off && on)
        {
            Console.Error.WriteLine("Write --disable or --enable, not both.");
            return ExitCode.Usage;
        }

        var view = off || on
            ? await client.SendAsync("POST", $"break-glass/{(off ? "disable" : "enable")}", null, null, cancellation)
            : await client.GetAsync("break-glass", cancellation);
        output.Say(
            view.Object["key"] is { } key
                ? $"admin key, shown this once: {key}"
                : $"The administrator's key is {view.Object["state"]}.",
            view.Json);
        return ExitCode.Well;
    }

    private static void Print(Output output, JsonObject one) => output.Facts(one,
        ("name", (string?)one["name"]),
        ("status", (string?)one["status"]),
        ("display name", (string?)one["displayName"]),
        ("roles", LoginCommand.Roles(one)),
        ("password", (bool)one["hasPassword"]! ? "set" : "none"),
        ("last used", Times.Show((string?)one["lastUsed"]) ?? "never"),
        ("created", Times.Show((string?)one["created"])));

    private static bool TryPassword(ParseResult parsed, JsonObject body)
    {
        if (!parsed.GetValue(Password))
            return true;
        var password = PasswordPrompt.Ask($"Password for {parsed.GetValue(Name)}", isNew: true);
        body["password"] = password;
        return password is not null;
    }

    private static string Path(ParseResult parsed) => $"operators/{Uri.EscapeDataString(parsed.GetValue(Name)!)}";
}
