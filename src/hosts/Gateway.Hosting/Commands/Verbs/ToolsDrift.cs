using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary><c>gateway tools drift</c>: how tools differ from what was accepted of them.</summary>
internal static class ToolsDrift
{
    public static Command Create() => RemoteVerb.CreateRows("drift",
        "Show how tools differ from what was accepted of them.\n\nExample:\n"
        + "  gateway tools drift --server crm", RunAsync, ToolsCommand.Server, ToolsCommand.Refresh);

    /// <summary>What of a tool is another, a line a member.</summary>
    public static void Print(Output output, JsonNode tool)
    {
        foreach (var change in tool["changes"]!.AsArray())
            output.Line($"  {change!["place"]}: {Text(change["was"])} -> {Text(change["is"])}");
        foreach (var finding in tool["findings"] as JsonArray ?? [])
            output.Line($"  {finding!["place"]}: {finding["reason"]}");
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var all = new JsonArray();
        var code = ExitCode.Well;
        foreach (var server in await ToolsCommand.ServersAsync(parsed, client, null, cancellation))
        {
            try
            {
                var path = $"catalogue/{Uri.EscapeDataString(server)}/drift?{ToolsCommand.Query(parsed)}".TrimEnd('?');
                var drift = (await client.GetAsync(path, cancellation)).Object;
                ToolsCommand.WarnIfStale(server, drift);
                if ((bool)drift["instructionsChanged"]!)
                    Console.Error.WriteLine($"{server} tells its clients other instructions than were accepted.");
                foreach (var tool in drift["tools"]!.AsArray())
                {
                    var row = tool!.DeepClone().AsObject();
                    row.Insert(0, "server", server);
                    all.Add((JsonNode)row);
                }
            }
            catch (AdminProblemException e) when (e.Status == 502)
            {
                // One server that is down does not hide the others.
                Console.Error.WriteLine(e.Message);
                code = ExitCode.Unreachable;
            }
        }

        if (output.IsJson)
        {
            output.Json(all);
            return code;
        }

        output.Table(all, "Every tool is what was accepted.",
            ("SERVER", static tool => (string?)tool["server"]),
            ("TOOL", static tool => (string?)tool["name"]),
            ("DRIFT", static tool => (string?)tool["drift"]),
            ("STANDING", static tool => (string?)tool["standing"]),
            ("ACCEPTED BY", static tool => (string?)tool["acceptedBy"]));
        if (output.IsCsv)
            return code;
        foreach (var tool in all)
        {
            output.Line("");
            output.Line($"{tool!["server"]} {tool["name"]}");
            Print(output, tool);
        }

        return code;
    }

    private static string Text(JsonNode? value) => (string?)value ?? "(not there)";
}
