using System.CommandLine;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Tools;

/// <summary><c>gateway tools accept</c>: an operator's confirmation that changed definitions are acceptable.</summary>
internal static class ToolsAccept
{
    private static readonly Argument<string> Server = new("server")
    {
        Description = "The server that offers the tool, prompt or resource.",
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
        "Accept a tool, prompt or resource as it is now, or everything that a server offers, and show what has "
        + "changed.\n\nExamples:\n  gateway tools accept crm sync_all --reason \"new release 4.2\"\n"
        + "  gateway tools accept crm summarize --kind prompt --reason \"shorter\"\n"
        + "  gateway tools accept crm --all --reason \"reviewed\"", RunAsync, Server, Tool, Kind, All,
        RemoteVerb.Reason);

    public static Command CreateUndo() => RemoteVerb.Create("unaccept",
        "Undo the last acceptance of a tool, prompt or resource, or of all definitions of a server: the previously "
        + "accepted definitions apply again.\n\nExample:\n  gateway tools unaccept crm sync_all",
        UndoAsync, Server, Tool, Kind, All,
        RemoteVerb.Reason);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var (server, tool, kind) = (parsed.GetValue(Server)!, parsed.GetValue(Tool), parsed.GetValue(Kind)!);
        if (IsAmbiguous(parsed))
            return ExitCode.Usage;
        if (string.IsNullOrWhiteSpace(parsed.GetValue(RemoteVerb.Reason)))
        {
            Console.Error.WriteLine("A reason is required: add --reason TEXT.");
            return ExitCode.Usage;
        }

        // Accept exactly the version that is shown here, not a later change.
        var path = $"catalogue/{Uri.EscapeDataString(server)}";
        var drift = (await client.GetAsync($"{path}/drift", ClientJson.Default.DriftView, cancellation)).Value;
        var shown = (drift.Tools ?? []).Concat(drift.Items ?? [])
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
        List<string> conditions = [
            .. string.IsNullOrEmpty(tool) ? [$"inventory={drift.Inventory}"]
                : contract is null ? (IEnumerable<string>)[] : [$"contract={contract}"],
            .. contract is null || app is null || string.IsNullOrEmpty(tool) ? (IEnumerable<string>)[] : [$"app={app}"],
        ];
        var accept = PathOf(parsed, "accept", conditions);
        var accepted = await client.PostAsync(accept, ClientJson.Default.AcceptedView, cancellation);
        output.Say(
            ResourceText.Joined([.. accepted.Value.Accepted ?? [], .. accepted.Value.Items ?? []]) is { } names
                ? $"Accepted: {names}." : "There was nothing to accept.",
            accepted.Json);
        return ExitCode.Well;
    }

    private static async Task<int> UndoAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        if (IsAmbiguous(parsed))
            return ExitCode.Usage;
        var undone = await client.PostAsync(
            PathOf(parsed, "unaccept", []),
            ClientJson.Default.UnacceptedView, cancellation);
        output.Say(
            ResourceText.Joined([.. undone.Value.Restored ?? [], .. undone.Value.Items ?? []]) is { } names
                ? $"The previously accepted definitions apply again: {names}." : "The instructions are restored.",
            undone.Json);
        return ExitCode.Well;
    }

    private static string PathOf(ParseResult parsed, string verb, IReadOnlyList<string> conditions)
    {
        var (tool, kind) = (parsed.GetValue(Tool) ?? "", parsed.GetValue(Kind)!);
        var (named, query) = tool.Length == 0 ? ("", conditions)
            : kind == OfTool ? ($"/tools/{Uri.EscapeDataString(tool)}", conditions)
            : ("/items", [$"kind={Uri.EscapeDataString(kind)}", $"item={Uri.EscapeDataString(tool)}", .. conditions]);
        return $"catalogue/{Uri.EscapeDataString(parsed.GetValue(Server)!)}{named}/{verb}"
            + (query.Count == 0 ? "" : $"?{string.Join('&', query)}");
    }

    private static bool IsAmbiguous(ParseResult parsed)
    {
        if (string.IsNullOrEmpty(parsed.GetValue(Tool)) == parsed.GetValue(All))
            return false;
        Console.Error.WriteLine("Name one tool, prompt or resource, or write --all.");
        return true;
    }
}
