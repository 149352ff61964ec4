using System.CommandLine;
using Gateway.Admin.Grants;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Grants;

/// <summary><c>gateway grant rotate</c>: replaces the token, with a period in which both are valid.</summary>
internal static class GrantRotate
{
    private static readonly Argument<string> Name = Resources.Grants.Name;

    private static readonly Option<string> Overlap = new("--overlap")
    {
        Description = "How long the old token keeps working, such as 24h, 7d or 30m. 0 ends the old token at once, "
            + "for example after a leak.",
        HelpName = "LENGTH",
        DefaultValueFactory = _ => "24h",
    };

    public static Command Create()
    {
        var command = RemoteVerb.Create("rotate",
            "Create a new token for a grant, printed only once; the old one keeps working for a while.\n\nExamples:\n"
            + "  gateway grant rotate support-bot\n"
            + "  gateway grant rotate support-bot --overlap 0", RunAsync, Name, Overlap, RemoteVerb.Reason);
        command.Validators.Add(static result =>
        {
            // Null if the option is absent; its default is valid.
            if (result.GetValue(Overlap) is { } text && !TrySeconds(text, out _))
                result.AddError("--overlap must be a length such as 24h, 7d or 30m, of at most 365d, or 0.");
        });
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        _ = TrySeconds(parsed.GetValue(Overlap)!, out var seconds);
        var name = parsed.GetValue(Name)!;
        var created = await client.PostAsync(
            $"{Resources.Grants.PathOf(name)}/rotate", new RotateInput { OverlapSeconds = seconds },
            ClientJson.Default.RotateInput, ClientJson.Default.GrantCreated, cancellation);
        if (output.IsJson)
        {
            output.Json(created.Json);
            return ExitCode.Well;
        }

        output.Line($"token, shown only once: {created.Value.Token}");
        output.Line(created.Value.Grant.PreviousTokenUntil is { } until
            ? $"The previous token works until {Times.Show(until)}."
            : "All previous tokens are refused from now on.");
        output.Line($"Next: gateway grant show-config {name} --token <token>");
        return ExitCode.Well;
    }

    private static bool TrySeconds(string text, out long seconds)
    {
        seconds = 0;
        if (text == "0")
            return true;
        if (!WrittenTime.TryLength(text, out var length))
            return false;
        seconds = (long)length.TotalSeconds;
        return seconds <= 365 * 86_400;
    }
}
