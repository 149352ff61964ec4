using System.CommandLine;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary><c>gateway server pause</c> and <c>resume</c>, whatever made the server.</summary>
internal static class ServerPause
{
    private static readonly Argument<string> Name = new("name") { Description = "The server's name." };

    public static Command Create(string verb) => RemoteVerb.Create(
        verb,
        (verb == "pause"
            ? "Refuse every call to a server until it is resumed; its streams close. It survives restart and reload."
            : "Take calls to a server again.")
        + $"\n\nExample:\n  gateway server {verb} crm",
        (parsed, client, output, cancellation) => RunAsync(verb, parsed, client, output, cancellation), Name);

    private static async Task<int> RunAsync(
        string verb, ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var name = parsed.GetValue(Name)!;
        var path = $"servers/{Uri.EscapeDataString(name)}/{verb}";
        var after = (await client.SendAsync("POST", path, null, null, cancellation)).Json;
        output.Say(verb == "pause" ? $"{name} is paused." : $"{name} takes calls again.", after);
        return ExitCode.Well;
    }
}
