using System.CommandLine;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Tools;

/// <summary><c>gateway tools accept</c>: an operator's confirmation that changed definitions are acceptable.</summary>
internal static class ToolsAccept
{
    private static readonly Argument<string> Server = new("server")
    {
        Description = "The server that offers it.",
    };

    private static readonly Argument<string?> Tool = new("tool")
    {
        Description = "The name of the tool or prompt, the URI of the resource, or the template.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> Kind = new("--kind")
    {
        Description = "tool, prompt, resource or template.",
        HelpName = "KIND",
        DefaultValueFactory = static _ => OfTool,
    };

    private static readonly Option<bool> All = new("--all")
    {
        Description = "All tools, prompts and resources of the server.",
    };

    private const string OfTool = "tool";

    public static Command Create() => RemoteVerb.Create("accept",
        "Accept a tool, prompt or resource as it is now, or all of a server, and show what has changed.\n\nExamples:\n"
        + "  gateway tools accept crm sync_all\n  gateway tools accept crm summarize --kind prompt\n"
        + "  gateway tools accept crm --all", RunAsync, Server, Tool, Kind, All);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var (server, tool, kind) = (parsed.GetValue(Server)!, parsed.GetValue(Tool), parsed.GetValue(Kind)!);
        if (string.IsNullOrEmpty(tool) != parsed.GetValue(All))
        {
            Console.Error.WriteLine("Name one tool, prompt or resource, or write --all.");
            return ExitCode.Usage;
        }

        // Accept exactly the version that is shown here, not a later change.
        var path = $"catalogue/{Uri.EscapeDataString(server)}";
        var drift = (await client.GetAsync($"{path}/drift", ClientJson.Default.DriftView, cancellation)).Value;
        var shown = drift.Tools.Concat(drift.Items ?? [])
            .Where(one => string.IsNullOrEmpty(tool) || (one.Name == tool && one.Kind == kind)).ToList();
        if (!output.IsJson)
        {
            foreach (var one in shown)
            {
                output.Line($"{one.Name}: {one.Drift}");
                ToolsDrift.Print(output, one);
            }
        }

        var (contract, app) = (shown.FirstOrDefault()?.Contract, shown.FirstOrDefault()?.AppSha256);
        var accept = string.IsNullOrEmpty(tool)
            ? $"{path}/accept?inventory={drift.Inventory}"
            : kind != OfTool ? $"{path}/items/accept?kind={Uri.EscapeDataString(kind)}"
                + $"&item={Uri.EscapeDataString(tool)}" + (contract is null ? "" : $"&contract={contract}")
            : $"{path}/tools/{Uri.EscapeDataString(tool)}/accept" + (contract is null ? "" : $"?contract={contract}")
                + (contract is null || app is null ? "" : $"&app={app}");
        var accepted = await client.PostAsync(accept, ClientJson.Default.AcceptedView, cancellation);
        output.Say(
            ResourceText.Joined([.. accepted.Value.Accepted, .. accepted.Value.Items ?? []]) is { } names
                ? $"Accepted: {names}." : "There was nothing to accept.",
            accepted.Json);
        return ExitCode.Well;
    }
}
