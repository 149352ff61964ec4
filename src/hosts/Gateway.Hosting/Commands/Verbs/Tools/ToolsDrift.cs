using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Tools;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Proxy.Scanning;

namespace Gateway.Hosting.Commands.Verbs.Tools;

/// <summary><c>gateway tools drift</c>: the differences between definitions and their accepted versions.</summary>
internal static class ToolsDrift
{
    public static Command Create() => RemoteVerb.CreateRows("drift",
        "Show how tools, prompts and resources differ from their accepted definitions.\n\nExample:\n"
        + "  gateway tools drift --server crm", RunAsync, ToolsCommand.Server, ToolsCommand.Refresh);

    /// <summary>Prints the changes of a tool, one line per member.</summary>
    public static void Print(Output output, DriftToolView tool)
    {
        foreach (var change in tool.Changes)
            output.Line($"  {change.Place}: {Text(change.Was)} -> {Text(change.Is)}");
        if (tool.ClassProposed is { } proposed && proposed != tool.Class)
            output.Line($"  class: {Text(tool.Class)} -> {proposed}");
        foreach (var finding in tool.Findings)
            output.Line($"  {finding.Place}: {Severity(finding)}: {finding.Reason}");
    }

    /// <summary>Returns the severity of a finding as text.</summary>
    public static string Severity(Finding finding) => finding.IsHard ? "severe" : "check";

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var all = new List<(string Server, DriftToolView Tool)>();
        var requests = new ServerRequests(
            parsed, [.. await ToolsCommand.ServersAsync(parsed, client, null, cancellation)]);
        foreach (var (server, drift) in await requests.SendAsync(
            (one, token) => client.GetAsync(
                $"catalogue/{Uri.EscapeDataString(one)}/drift?{ToolsCommand.Query(parsed)}".TrimEnd('?'),
                ClientJson.Default.DriftView, token),
            cancellation))
        {
            ToolsCommand.WarnIfStale(server, drift.Stale, drift.SeenAt);
            if (drift.InstructionsChanged)
                Console.Error.WriteLine($"{server} sends its clients instructions that differ from the accepted "
                    + "ones.");
            foreach (var finding in drift.InstructionsFindings)
                Console.Error.WriteLine($"{server} sends suspicious instructions to its clients: {finding.Reason}");
            all.AddRange((drift.Tools ?? []).Concat(drift.Items ?? []).Select(tool => (server, tool)));
        }

        if (output.IsJson)
        {
            output.Json(new JsonArray([.. all.Select(static one => ToJson(one.Server, one.Tool))]));
            return requests.Code;
        }

        output.Table(all, "All definitions are as accepted.",
            ("SERVER", static one => one.Server),
            ("TOOL", static one => one.Tool.Name),
            ("DRIFT", static one => one.Tool.Drift),
            ("STANDING", static one => one.Tool.Standing),
            ("ACCEPTED BY", static one => one.Tool.AcceptedBy),
            ("KIND", static one => one.Tool.Kind));
        if (output.IsCsv)
            return requests.Code;
        foreach (var (server, tool) in all)
        {
            output.Line("");
            output.Line($"{server} {tool.Name}");
            Print(output, tool);
        }

        return requests.Code;
    }

    private static JsonObject ToJson(string server, DriftToolView tool)
    {
        var row = JsonSerializer.SerializeToNode(tool, ClientJson.Default.DriftToolView)!.AsObject();
        row.Insert(0, "server", server);
        return row;
    }

    private static string Text(string? value) => value ?? "(none)";
}
