using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Gateway.Admin.Pausing;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary><c>gateway pause --all</c> and <c>resume --all</c>: pauses or resumes all calls at once.</summary>
internal static class PauseCommand
{
    private static readonly Option<bool> All = new("--all") { Description = "Apply to every call of every grant." };

    private static readonly Option<string?> Reason = new("--reason")
    {
        HelpName = "TEXT",
        Description = "The reason; operators see it, agents do not.",
    };

    private static readonly Option<string?> Until = new("--until")
    {
        HelpName = "TIME",
        Description = "The end, as a length such as 30m or an instant. If omitted, the pause has no end.",
    };

    /// <summary>The options of each command that pauses something.</summary>
    public static Option[] Details => [Reason, Until];

    /// <summary>The reason of a pause or a revocation.</summary>
    public static Option<string?> Why => Reason;

    /// <summary>The end of a pause.</summary>
    public static Option<string?> End => Until;

    /// <summary>Sends a request to pause something.</summary>
    public static Task<Reply<T>> SendAsync<T>(
        ParseResult parsed, AdminClient client, string path, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        var input = new PauseInput { Reason = parsed.GetValue(Reason), Until = parsed.GetValue(Until) };
        // Without details, gateways of earlier releases understand it too.
        return input is { Reason: null, Until: null }
            ? client.PostAsync(path, type, cancellation)
            : client.PostAsync(path, input, ClientJson.Default.PauseInput, type, cancellation);
    }

    public static Command Create(string verb)
    {
        Option[] options = verb == "pause" ? [All, .. Details] : [All];
        var command = RemoteVerb.Create(
            verb,
            (verb == "pause"
                ? "Refuse every call at once, and close every stream, until \"gateway resume --all\"."
                : "End \"gateway pause --all\"; grants and servers that were paused individually stay paused.")
            + $"\n\nExample:\n  gateway {verb} --all{(verb == "pause" ? " --reason \"refunds are sent twice\"" : "")}",
            (parsed, client, output, cancellation) => RunAsync(verb, parsed, client, output, cancellation),
            options);
        command.Validators.Add(result =>
        {
            if (!result.GetValue(All))
            {
                result.AddError($"Write \"gateway {verb} --all\" for everything, or for one object: "
                    + $"\"gateway grant {verb} NAME\", \"gateway server {verb} NAME\", "
                    + $"\"gateway tools {verb} SERVER TOOL\".");
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(
        string verb, ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var after = verb == "pause"
            ? await SendAsync(parsed, client, verb, ClientJson.Default.PausesView, cancellation)
            : await client.PostAsync(verb, ClientJson.Default.PausesView, cancellation);
        output.Say(
            verb == "pause"
                ? (after.Value.Gateway?.Until is { } until
                    ? $"Every call is refused until {Times.Show(until)}, or until \"gateway resume --all\"."
                    : "Every call is refused from now on. To end the pause, run \"gateway resume --all\".")
                : "Calls are allowed again." + Rest(after.Value),
            after.Json);
        return ExitCode.Well;
    }

    private static string Rest(PausesView pauses)
    {
        List<string> left =
        [
            .. pauses.Servers.Select(static name => $"server {name}"),
            .. pauses.Grants.Select(static name => $"grant {name}"),
            .. (pauses.Tools ?? []).Select(static one => $"tool {one.Tool} of {one.Server}"),
            .. (pauses.Subjects ?? []).Select(static one => $"{one.Subject} of {one.Issuer}"),
        ];
        return left.Count == 0 ? "" : $" Still paused individually: {string.Join(", ", left)}.";
    }
}
