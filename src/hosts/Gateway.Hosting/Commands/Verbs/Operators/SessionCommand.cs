using System.CommandLine;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Operators;

/// <summary><c>gateway session</c>: the browsers that are signed in.</summary>
internal static class SessionCommand
{
    private static readonly Argument<string> Id = new("session")
    {
        Description = "The session's id, or the prefix that \"session list\" shows.",
    };

    private static readonly Option<string?> Operator = new("--operator")
    {
        Description = "Only sessions of this operator.",
        HelpName = "NAME",
    };

    public static Command Create() => new("session", "List and revoke the browser sessions of operators.")
    {
        Resources.Sessions.List(
            "List your signed-in browsers; administrators see everybody's.\n\nExample:\n"
            + "  gateway session list --operator ana", Operator),
        RemoteVerb.Create("revoke",
            "Sign a browser out: its next request is refused.\n\nExample:\n  gateway session revoke 5f0c2a9b1e77",
            RevokeAsync, Id),
    };

    private static async Task<int> RevokeAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var begin = parsed.GetValue(Id)!;
        var all = await client.ListAsync("sessions", Resources.Sessions.Page, cancellation);
        var found = all.Select(static one => one.Value)
            .Where(one => one.Id.StartsWith(begin, StringComparison.Ordinal)).ToList();
        if (found is not [var session])
        {
            Console.Error.WriteLine(found.Count == 0
                ? $"No session begins with \"{begin}\". See: gateway session list"
                : $"{found.Count} sessions begin with \"{begin}\"; write more of the id.");
            return found.Count == 0 ? ExitCode.No : ExitCode.Usage;
        }

        await client.DeleteAsync($"sessions/{session.Id}", null, cancellation);
        output.Say($"The session {begin} of {session.Operator} is signed out.", null);
        return ExitCode.Well;
    }
}
