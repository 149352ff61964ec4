using System.CommandLine;
using Gateway.Admin.Pausing;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Status;

/// <summary><c>gateway pause --all</c> and <c>resume --all</c>: pauses or resumes all calls at once.</summary>
internal static class PauseCommand
{
    private static readonly Option<bool> All = new("--all") { Description = "Every call of every grant." };

    private static readonly Option<string?> Reason = new("--reason")
    {
        HelpName = "TEXT",
        Description = "The reason; operators see it, agents do not.",
    };

    public static Command Create(string verb)
    {
        Option[] options = verb == "pause" ? [All, Reason] : [All];
        var command = RemoteVerb.Create(
            verb,
            (verb == "pause"
                ? "Refuse every call at once, and close every stream, until \"gateway resume --all\"."
                : "End \"gateway pause --all\"; grants and servers that were paused by themselves stay paused.")
            + $"\n\nExample:\n  gateway {verb} --all{(verb == "pause" ? " --reason \"refunds are sent twice\"" : "")}",
            (parsed, client, output, cancellation) => RunAsync(
                verb, verb == "pause" ? parsed.GetValue(Reason) : null, client, output, cancellation),
            options);
        command.Validators.Add(result =>
        {
            if (!result.GetValue(All))
            {
                result.AddError($"Write \"gateway {verb} --all\" for everything; for one: "
                    + $"\"gateway grant {verb} NAME\", \"gateway server {verb} NAME\".");
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(
        string verb, string? reason, AdminClient client, Output output, CancellationToken cancellation)
    {
        var after = reason is null
            ? await client.PostAsync(verb, ClientJson.Default.PausesView, cancellation)
            : await client.PostAsync(
                verb, new PauseInput { Reason = reason }, ClientJson.Default.PauseInput, ClientJson.Default.PausesView,
                cancellation);
        output.Say(
            verb == "pause"
                ? "Every call is refused from now on. \"gateway resume --all\" ends it."
                : "Calls are taken again." + Rest(after.Value),
            after.Json);
        return ExitCode.Well;
    }

    private static string Rest(PausesView pauses)
    {
        List<string> left =
        [
            .. pauses.Servers.Select(static name => $"server {name}"),
            .. pauses.Grants.Select(static name => $"grant {name}"),
        ];
        return left.Count == 0 ? "" : $" Still paused by themselves: {string.Join(", ", left)}.";
    }
}
