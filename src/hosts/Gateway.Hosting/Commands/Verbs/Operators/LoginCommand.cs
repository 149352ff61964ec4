using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Admin.Operators;
using Gateway.Admin.SignIn;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Operators;

/// <summary>
/// <c>gateway login</c>, <c>logout</c>, <c>whoami</c>: a key for the operator, saved with the context.
/// </summary>
internal static class LoginCommand
{
    private static readonly Argument<string> Name = new("operator") { Description = "Your account's name." };

    private static readonly Option<string?> As = new("--as")
    {
        Description = "The name of the saved context. Default: the context in use, else the gateway's host.",
        HelpName = "NAME",
    };

    private static readonly Option<string?> Expires = KeyCommand.NewExpires();

    /// <summary>Creates <c>gateway login</c>.</summary>
    public static Command Create() => RemoteVerb.Create("login",
        "Sign in with your password, and save a key for this gateway, never the password. The command prompts for the "
            + "password or reads it from the first line of standard input.\n\nExample:\n"
        + "  gateway login ana --gateway https://gateway.internal:9090 --as prod",
        LoginAsync, Name, As, Expires);

    /// <summary>Creates <c>gateway logout</c>.</summary>
    public static Command CreateLogout() => RemoteVerb.Create("logout",
        "Revoke and forget the key that \"gateway login\" saved.\n\nExample:\n  gateway logout", LogoutAsync);

    /// <summary>Creates <c>gateway whoami</c>.</summary>
    public static Command CreateWhoAmI() => RemoteVerb.Create("whoami",
        "Show who you are at the gateway, and your roles.\n\nExample:\n  gateway whoami", WhoAsync);

    private static async Task<int> LoginAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        try
        {
            // Reading the file first makes sure that a new key can be saved.
            var contexts = SavedContexts.Read();
            var context = parsed.GetValue(As) ?? Spoken(parsed, client, contexts) ?? client.Gateway.Host.Trim('[', ']');
            if (!SavedContexts.IsName(context))
            {
                Console.Error.WriteLine(
                    $"\"{context}\" is not a valid name for a context: use {SavedContexts.NameRule} (--as NAME).");
                return ExitCode.Usage;
            }

            if (!KeyCommand.TryExpires(parsed.GetValue(Expires), out var end)
                || PasswordPrompt.Ask($"Password of {parsed.GetValue(Name)} at {client.Gateway}") is not { } password)
            {
                return ExitCode.Usage;
            }

            using var nobody = new AdminClient(client.Gateway, key: null);
            var body = new SignInInput
            {
                Name = parsed.GetValue(Name)!,
                Password = password,
                Key = new KeyInput
                {
                    Name = $"login-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}",
                    Expires = end,
                },
            };
            var signed = (await nobody.PostAsync(
                "session", body, ClientJson.Default.SignInInput, ClientJson.Default.SignedIn, cancellation)).Value;
            contexts.Add(context, new SavedContext(client.Gateway, signed.Key));
            contexts.Use(context);
            contexts.Write();
            var who = signed.Who;
            output.Say(
                $"{who.Name} is signed in as {ResourceText.Roles(who.Roles)} until {Times.Show(who.Expires)}; "
                + $"the context {context} is in use.",
                JsonSerializer.SerializeToNode(who, ClientJson.Default.WhoView));
            if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(RemoteVerb.GatewayVariable)))
            {
                Console.Error.WriteLine(
                    $"warning: {RemoteVerb.GatewayVariable} is set in this shell and overrides the context.");
            }

            return ExitCode.Well;
        }
        catch (InvalidDataException e)
        {
            Console.Error.WriteLine(e.Message);
            return ExitCode.Usage;
        }
        catch (AdminProblemException e) when (e.Status == 401)
        {
            Console.Error.WriteLine(e.Message);
            return ExitCode.No;
        }
    }

    private static async Task<int> LogoutAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        Reply<WhoView> session;
        try
        {
            session = await client.GetAsync("session", ClientJson.Default.WhoView, cancellation);
        }
        catch (AdminProblemException e) when (e.Status == 401)
        {
            var names = Forget(client, out var problem);
            if (names.Count == 0 || problem is not null)
                throw;
            output.Say($"{e.Message} It was forgotten in {string.Join(", ", names)}.", null);
            return ExitCode.Well;
        }

        var who = session.Value;
        if (who.Key is not { } key)
        {
            Console.Error.WriteLine("This is the administrator's key, which has no sign-in to end. See: "
                + "gateway context remove");
            return ExitCode.No;
        }

        await client.DeleteAsync(KeyCommand.Path(who.Name, key), null, cancellation);
        Forget(client, out var unsaved);
        if (unsaved is not null)
        {
            Console.Error.WriteLine($"The key was revoked, but is still saved: {unsaved}");
            return ExitCode.Usage;
        }

        output.Say($"{who.Name} is signed out; the key {key} was revoked.", session.Json);
        return ExitCode.Well;
    }

    /// <summary>Removes the key from the contexts that have it, and returns their names.</summary>
    private static List<string> Forget(AdminClient client, out string? problem)
    {
        List<string> names = [];
        problem = null;
        try
        {
            var contexts = SavedContexts.Read();
            foreach (var (name, saved) in contexts.All.Where(one => client.IsFor(one.Value)).ToList())
            {
                contexts.Add(name, saved with { Key = null });
                names.Add(name);
            }

            contexts.Write();
        }
        catch (InvalidDataException e)
        {
            problem = e.Message;
        }

        return names;
    }

    private static async Task<int> WhoAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var session = await client.GetAsync("session", ClientJson.Default.WhoView, cancellation);
        var who = session.Value;
        output.Facts(session.Json,
            ("name", who.Name),
            ("display name", who.DisplayName),
            ("roles", ResourceText.Roles(who.Roles)),
            ("by", who.Key is { } key ? $"the key {key}" : "the administrator's key, which names no person"),
            ("until", Times.Show(who.Expires)),
            ("gateway", client.Gateway.ToString()));
        return ExitCode.Well;
    }

    private static string? Spoken(ParseResult parsed, AdminClient client, SavedContexts contexts)
    {
        var name = parsed.GetValue(GatewayChoice.Context) ?? contexts.Current;
        return name is not null && contexts.All.TryGetValue(name, out var saved) && saved.Gateway == client.Gateway
            ? name
            : null;
    }
}
