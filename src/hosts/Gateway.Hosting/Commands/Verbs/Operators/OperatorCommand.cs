using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Admin.Operators;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Operators;

/// <summary><c>gateway operator</c>: the operators and their roles.</summary>
internal static class OperatorCommand
{
    private static readonly Argument<string> Name = Resources.Operators.Name;

    private static readonly Option<string[]> Role = new("--role")
    {
        Description = "A role: viewer, approver, editor, admin, member, service or agent. All but admin can be "
            + "limited to one server: approver:crm. Repeatable.",
        HelpName = "ROLE[:SERVER]",
    };

    private static readonly Option<string?> DisplayName = new("--display-name")
    {
        Description = "The person's name, as shown to others.",
        HelpName = "TEXT",
    };

    private static readonly Option<bool> Password = new("--password")
    {
        Description = "Set a password: typed at a prompt, or read from the first line of standard input.",
    };

    private static readonly Option<string?> For = new("--for")
    {
        Description = "How long the link works: a length such as 12h, at most 30d. Default: 3d.",
        HelpName = "LENGTH",
    };

    private static readonly Option<bool> Disable = new("--disable")
    {
        Description = "Disable the administrator's key; requires an administrator with a password.",
    };

    private static readonly Option<bool> Enable = new("--enable")
    {
        Description = "Replace the administrator's key, or enable it with a new one. The new key is printed only once.",
    };

    public static Command Create()
    {
        var command = new Command("operator", "Create, list, change, disable and remove operators.");
        foreach (var verb in Verbs().Concat(AbsenceVerbs.Create()))
            command.Add(verb);
        return command;
    }

    private static IEnumerable<Command> Verbs() =>
    [
        RemoteVerb.Create("create",
            "Create an operator.\n\nExample:\n  gateway operator create ana --role admin --password", CreateAsync, Name,
            Role, DisplayName, Password, RemoteVerb.Reason),
        RemoteVerb.Create("invite",
            "Invite a person: print a link, only once, with which they set up their own sign-in.\n\nExample:\n"
            + "  gateway operator invite ben --role approver:crm --for 3d",
            InviteAsync, Name, Role, DisplayName, For, RemoteVerb.Reason),
        RemoteVerb.CreateRows("invitations",
            "List the open invitations.\n\nExample:\n  gateway operator invitations",
            static (_, client, output, cancellation) =>
                Resources.Invitations.ListAsync(Resources.Invitations.Path, client, output, cancellation)),
        Resources.Invitations.Remove("withdraw",
            "Withdraw an invitation: its link no longer works.\n\nExample:\n  gateway operator withdraw ben",
            "can no longer use the link.", isUnconditional: true),
        Resources.Operators.List("List the operators with their last use.\n\nExample:\n  gateway operator list"),
        Resources.Operators.Show("Show an operator.\n\nExample:\n  gateway operator show ana"),
        RemoteVerb.Create("set",
            "Change an operator. Members that are not given stay the same; --role replaces all roles.\n\nExample:\n"
            + "  gateway operator set ana --role viewer --role approver:crm",
            SetAsync, Name, Role, DisplayName, Password, RemoteVerb.Reason),
        Resources.Operators.Act("disable",
            "Refuse an operator's keys and sessions until the operator is enabled.\n\nExample:\n  gateway operator "
                + "disable ana",
            static (_, one) => $"{one.Name} is {one.Status}."),
        Resources.Operators.Act("enable",
            "Enable an operator's keys and sessions.\n\nExample:\n  gateway operator enable ana",
            static (_, one) => $"{one.Name} is {one.Status}."),
        Resources.Operators.Remove("remove",
            "Remove an operator, with its keys and sessions.\n\nExample:\n  gateway operator remove ana",
            "was removed. Audit records keep the name.", isUnconditional: true),
        RemoteVerb.Create("break-glass",
            "Show, disable or enable the administrator's key, which names no person.\n\nExample:\n"
            + "  gateway operator break-glass --disable",
            BreakGlassAsync, Disable, Enable, RemoteVerb.Reason),
    ];

    private static async Task<int> CreateAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        if (!TryPassword(parsed, out var password))
            return ExitCode.Usage;
        var body = new OperatorInput
        {
            Name = parsed.GetValue(Name),
            DisplayName = parsed.GetValue(DisplayName),
            Roles = parsed.GetValue(Role) ?? [],
            Password = password,
        };
        await WarnAsync(client, body.Roles, cancellation);
        var made = await client.PostAsync(
            Resources.Operators.Path, body, ClientJson.Default.OperatorInput, ClientJson.Default.OperatorView,
            cancellation);
        var one = made.Value;
        var next = one.HasPassword ? $"gateway login {one.Name}" : $"gateway key create laptop --operator {one.Name}";
        output.Say($"{one.Name} is {ResourceText.Roles(one.Roles)}. Next: {next}", made.Json);
        return ExitCode.Well;
    }

    private static async Task<int> InviteAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var body = new InvitationInput
        {
            Name = parsed.GetValue(Name)!,
            DisplayName = parsed.GetValue(DisplayName),
            Roles = parsed.GetValue(Role) ?? [],
            For = parsed.GetValue(For),
        };
        var made = await client.PostAsync(
            Resources.Invitations.Path, body, ClientJson.Default.InvitationInput, ClientJson.Default.InvitationCreated,
            cancellation);
        output.Say(
            $"link for {body.Name}, shown only once, until {Times.Show(made.Value.Item.Expires)}: {made.Value.Link}",
            made.Json);
        return ExitCode.Well;
    }

    private static Task WarnAsync(AdminClient client, IEnumerable<string> roles, CancellationToken cancellation) =>
        Resources.WarnAsync(
            client, "server", roles.Where(static role => role.Contains(':')).Select(static role => role.Split(':')[1]),
            cancellation);

    private static async Task<int> SetAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var (roles, display) = (parsed.GetValue(Role) ?? [], parsed.GetValue(DisplayName));
        if (roles.Length == 0 && display is null && !parsed.GetValue(Password))
        {
            Console.Error.WriteLine("Nothing to change; write --role, --display-name or --password.");
            return ExitCode.Usage;
        }

        var path = Resources.Operators.PathOf(parsed);
        var old = await client.GetAsync(path, ClientJson.Default.OperatorView, cancellation);
        if (!TryPassword(parsed, out var password))
            return ExitCode.Usage;
        var patch = new JsonObject();
        if (display is not null)
            patch["displayName"] = display;
        if (roles.Length > 0)
            patch["roles"] = new JsonArray([.. roles.Select(static role => JsonValue.Create(role))]);
        if (password is not null)
            patch["password"] = password;
        await WarnAsync(client, roles, cancellation);
        Resources.Operators.Print(
            await client.PatchAsync(path, patch, old.ETag, ClientJson.Default.OperatorView, cancellation), output);
        return ExitCode.Well;
    }

    private static async Task<int> BreakGlassAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var (off, on) = (parsed.GetValue(Disable), parsed.GetValue(Enable));
        if (off && on)
        {
            Console.Error.WriteLine("Write either --disable or --enable, not both.");
            return ExitCode.Usage;
        }

        var type = ClientJson.Default.BreakGlassView;
        var view = off || on
            ? await client.PostAsync($"break-glass/{(off ? "disable" : "enable")}", type, cancellation)
            : await client.GetAsync("break-glass", type, cancellation);
        output.Say(
            view.Value.Key is { } key
                ? $"admin key, shown only once: {key}"
                : $"The administrator's key is {view.Value.State}.",
            view.Json);
        return ExitCode.Well;
    }

    /// <summary>
    /// Prompts for a password if one is to be set; returns false after an error message if none was given.
    /// </summary>
    private static bool TryPassword(ParseResult parsed, out string? password)
    {
        password = parsed.GetValue(Password)
            ? PasswordPrompt.Ask($"Password for {parsed.GetValue(Name)}", isNew: true) : null;
        return !parsed.GetValue(Password) || password is not null;
    }
}
