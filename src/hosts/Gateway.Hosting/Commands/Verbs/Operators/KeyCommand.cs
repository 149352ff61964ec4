using System.CommandLine;
using Gateway.Admin.Operators;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Hosting.Commands.Verbs.Grants;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Operators;

internal static class KeyCommand
{
    private static readonly Argument<string> Name = new("key") { Description = "The key's name." };

    private static readonly Option<string?> Operator = new("--operator")
    {
        Description = "The key's operator; only administrators may name others. Default: you.",
        HelpName = "NAME",
    };

    private static readonly Option<string[]> Role = new("--role")
    {
        Description = "A role for the key; the key's owner must have the role. Repeatable. Default: all roles of the "
            + "owner.",
        HelpName = "ROLE[:SERVER]",
    };

    private static readonly Option<string?> Expires = NewExpires();

    /// <summary>Returns the option for the expiry of a key.</summary>
    public static Option<string?> NewExpires() => new("--expires")
    {
        Description = $"The expiry: {WrittenTime.Rule}. Default: in 90 days.",
        HelpName = "WHEN",
    };

    public static Command Create() => new("key", "Create, list and revoke API keys of operators.")
    {
        RemoteVerb.Create("create",
            "Create a key, printed only once.\n\nExample:\n  gateway key create deploy --role editor --expires 30d",
            CreateAsync, Name, Operator, Role, Expires, RemoteVerb.Reason),
        RemoteVerb.CreateRows("list",
            "List keys with their last use; secrets are never shown.\n\nExample:\n  gateway key list", ListAsync,
            Operator),
        RemoteVerb.Create("revoke",
            "Revoke a key: its next request is refused.\n\nExample:\n  gateway key revoke deploy", RevokeAsync, Name,
            Operator, RemoteVerb.Reason),
    };

    /// <summary>Returns the address of a key.</summary>
    public static string Path(string owner, string key) => $"{Path(owner)}/{Uri.EscapeDataString(key)}";

    /// <summary>Reads the expiry; returns false after an error message if it is not valid.</summary>
    public static bool TryExpires(string? written, out DateTimeOffset? end)
    {
        end = written is null ? null : GrantOptions.Expires(written);
        return written is null || end is not null;
    }

    /// <summary>
    /// Returns the operator that is named, otherwise the signed-in one; null after an error message if there is
    /// neither.
    /// </summary>
    public static async Task<string?> OwnerAsync(
        ParseResult parsed, Option<string?> option, AdminClient client, CancellationToken cancellation)
    {
        if (parsed.GetValue(option) is { Length: > 0 } named)
            return named;
        var who = (await client.GetAsync("session", ClientJson.Default.WhoView, cancellation)).Value;
        if (who.Via != "admin-key")
            return who.Name;
        Console.Error.WriteLine("The administrator's key belongs to no operator; write --operator NAME.");
        return null;
    }

    private static async Task<int> CreateAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        if (!TryExpires(parsed.GetValue(Expires), out var end))
            return ExitCode.Usage;
        if (await OwnerAsync(parsed, Operator, client, cancellation) is not { } owner)
            return ExitCode.Usage;
        var body = new KeyInput
        {
            Name = parsed.GetValue(Name)!,
            Expires = end,
            Roles = parsed.GetValue(Role) is { Length: > 0 } roles ? roles : null,
        };
        var made = await client.PostAsync(
            Path(owner), body, ClientJson.Default.KeyInput, ClientJson.Default.KeyCreated, cancellation);
        output.Say($"key, shown only once: {made.Value.Key}", made.Json);
        return ExitCode.Well;
    }

    private static async Task<int> ListAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        if (await OwnerAsync(parsed, Operator, client, cancellation) is not { } owner)
            return ExitCode.Usage;
        return await Resources.Keys.ListAsync(Path(owner), client, output, cancellation);
    }

    private static async Task<int> RevokeAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        if (await OwnerAsync(parsed, Operator, client, cancellation) is not { } owner)
            return ExitCode.Usage;
        await client.DeleteAsync(Path(owner, parsed.GetValue(Name)!), null, cancellation);
        output.Say($"The key {parsed.GetValue(Name)} of {owner} was revoked.", null);
        return ExitCode.Well;
    }

    private static string Path(string owner) => $"{Resources.Operators.PathOf(owner)}/keys";
}
