using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary><c>gateway session</c>: browsers that are signed in.</summary>
internal static class SessionCommand
{
    private const int ShownLength = 12;

    private static readonly Argument<string> Id = new("session")
    {
        Description = "The session's id, or how it begins: as much of it as session list shows will do.",
    };

    private static readonly Option<string?> Operator = new("--operator")
    {
        Description = "Only this operator's.",
        HelpName = "NAME",
    };

    /// <summary><c>gateway session</c>.</summary>
    public static Command Create() => new("session", "List and revoke the browsers that operators are signed in with.")
    {
        RemoteVerb.CreateRows("list",
            "List your signed-in browsers; everybody's for administrators.\n\nExample:\n"
            + "  gateway session list --operator ana",
            ListAsync, Operator),
        RemoteVerb.Create("revoke",
            "Sign a browser out: its next request is refused.\n\nExample:\n  gateway session revoke 5f0c2a9b1e77",
            RevokeAsync, Id),
    };

    private static async Task<int> ListAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var path = parsed.GetValue(Operator) is { Length: > 0 } named
            ? $"sessions?operator={Uri.EscapeDataString(named)}"
            : "sessions";
        output.Table(await client.ListAsync(path, cancellation), "No browser is signed in.",
            ("SESSION", static one => ((string)one["id"]!)[..ShownLength]),
            ("OPERATOR", static one => (string?)one["operator"]),
            ("SINCE", static one => Times.Show((string?)one["created"])),
            ("SEEN", static one => Times.Show((string?)one["seen"])),
            ("EXPIRES", static one => Times.Show((string?)one["expires"])),
            ("FROM", static one => (string?)one["from"]),
            ("BROWSER", static one => (string?)one["agent"]));
        return ExitCode.Well;
    }

    private static async Task<int> RevokeAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var begin = parsed.GetValue(Id)!;
        var found = (await client.ListAsync("sessions", cancellation)).OfType<JsonObject>()
            .Where(one => ((string)one["id"]!).StartsWith(begin, StringComparison.Ordinal)).ToList();
        if (found is not [var session])
        {
            Console.Error.WriteLine(found.Count == 0
                ? $"No session begins with \"{begin}\". See: gateway session list"
                : $"{found.Count} sessions begin with \"{begin}\"; write more of it.");
            return found.Count == 0 ? ExitCode.No : ExitCode.Usage;
        }

        await client.SendAsync("DELETE", $"sessions/{session["id"]}", null, null, cancellation);
        output.Say($"The session {begin} of {session["operator"]} is signed out.", null);
        return ExitCode.Well;
    }
}
