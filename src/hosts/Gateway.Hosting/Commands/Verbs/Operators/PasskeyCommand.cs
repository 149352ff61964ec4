using System.CommandLine;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Operators;

/// <summary>
/// <c>gateway passkey</c>: operators' passkeys. They are added in the console, because that takes a browser.
/// </summary>
internal static class PasskeyCommand
{
    private static readonly Argument<string> Name = new("passkey") { Description = "The passkey's name." };

    private static readonly Option<string?> Operator = new("--operator")
    {
        Description = "The passkey's operator; only administrators may name others. Default: you.",
        HelpName = "NAME",
    };

    public static Command Create() => new(
        "passkey", "List and remove passkeys of operators; add them in the console.")
    {
        RemoteVerb.CreateRows("list",
            "List passkeys with their last use.\n\nExample:\n  gateway passkey list", ListAsync, Operator),
        RemoteVerb.Create("remove",
            "Remove a passkey, and sign out the operator's other browsers.\n\nExample:\n"
            + "  gateway passkey remove laptop --operator ana",
            RemoveAsync, Name, Operator),
    };

    private static async Task<int> ListAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        if (await KeyCommand.OwnerAsync(parsed, Operator, client, cancellation) is not { } owner)
            return ExitCode.Usage;
        return await Resources.Passkeys.ListAsync(Path(owner), client, output, cancellation);
    }

    private static async Task<int> RemoveAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        if (await KeyCommand.OwnerAsync(parsed, Operator, client, cancellation) is not { } owner)
            return ExitCode.Usage;
        var name = parsed.GetValue(Name)!;
        await client.DeleteAsync($"{Path(owner)}/{Uri.EscapeDataString(name)}", null, cancellation);
        output.Say($"The passkey {name} of {owner} was removed.", null);
        return ExitCode.Well;
    }

    private static string Path(string owner) => $"{Resources.Operators.PathOf(owner)}/passkeys";
}
