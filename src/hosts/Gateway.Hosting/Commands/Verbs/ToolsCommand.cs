using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Mcp.Writing;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary><c>gateway tools</c>: each server's tools, with what they do and what a grant may do.</summary>
internal static class ToolsCommand
{
    private const int DescriptionCharsMax = 60;

    /// <summary>Only one server's.</summary>
    public static readonly Option<string?> Server = new("--server")
    {
        Description = "Only this server's.",
        HelpName = "NAME",
    };

    private static readonly Option<string?> Grant = new("--grant")
    {
        Description = "Say what this grant may do with each tool, and by which rule.",
        HelpName = "NAME",
    };

    /// <summary>Asks the server now.</summary>
    public static readonly Option<bool> Refresh = new("--refresh")
    {
        Description = "Ask the server now, instead of showing what it last listed.",
    };

    public static Command Create() => new("tools", "See what the servers offer.")
    {
        RemoteVerb.CreateRows("list",
            "List each server's tools, with what a grant may do.\n\nExample:\n"
            + "  gateway tools list --grant support-bot", ListAsync, Server, Grant, Refresh),
        ToolsShow.Create(),
        ToolsClassify.Create(),
        ToolsDrift.Create(),
        ToolsAccept.Create(),
    };

    public static string? FirstLine(string? text)
    {
        var line = text?.Split('\n')[0].Trim();
        return line is { Length: > DescriptionCharsMax } ? line[..(DescriptionCharsMax - 1)] + "…" : line;
    }

    private static async Task<int> ListAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var grant = parsed.GetValue(Grant);
        var all = new JsonArray();
        var code = ExitCode.Well;
        foreach (var server in await ServersAsync(parsed, client, grant, cancellation))
        {
            if (!output.IsJson && parsed.GetValue(Refresh))
                Console.Error.WriteLine($"Asking {server} for its tools …");
            try
            {
                var query = grant is null ? "" : $"grant={Uri.EscapeDataString(grant)}&";
                var path = $"servers/{Uri.EscapeDataString(server)}/tools?{query}{Query(parsed)}".TrimEnd('?', '&');
                var listed = (await client.GetAsync(path, cancellation)).Object;
                if ((string?)listed["note"] is { } note)
                    Console.Error.WriteLine(VisibleText.Of(note));
                WarnIfStale(server, listed);
                foreach (var tool in listed["tools"]!.AsArray())
                {
                    var row = tool!.DeepClone().AsObject();
                    row.Insert(0, "server", server);
                    row["risk"] = row["riskLevel"]?.DeepClone() ?? row["risk"]?.DeepClone();
                    row.Remove("riskLevel");
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

        Print(output, all, grant);
        return code;
    }

    /// <summary>What a question for an inventory is to say.</summary>
    public static string Query(ParseResult parsed) => parsed.GetValue(Refresh) ? "refresh=1" : "";

    /// <summary>Says that a server cannot be asked, and how old what is shown is.</summary>
    public static void WarnIfStale(string server, JsonObject inventory)
    {
        if ((string?)inventory["stale"] is { } why)
        {
            Console.Error.WriteLine(VisibleText.Of(
                $"{server} cannot be asked; this is what it listed at {inventory["seenAt"]}. {why}"));
        }
    }

    /// <summary>The servers that are asked about.</summary>
    public static async Task<IEnumerable<string>> ServersAsync(
        ParseResult parsed, AdminClient client, string? grant, CancellationToken cancellation)
    {
        if (parsed.GetValue(Server) is { } one)
            return [one];
        if (grant is null)
            return (await client.ListAsync("servers", cancellation)).Select(static server => (string)server!["name"]!);
        var path = $"grants/{Uri.EscapeDataString(grant)}";
        var shown = (await client.GetAsync(path, cancellation)).Object;
        return shown["servers"]!.AsObject().Select(static pair => pair.Key);
    }

    private static string? Joined(JsonNode? list) => list is JsonArray items ? string.Join("; ", items) : null;

    private static void Print(Output output, JsonArray tools, string? grant)
    {
        List<(string Head, Func<JsonNode, string?> Cell)> columns =
        [
            ("SERVER", static tool => (string?)tool["server"]),
            ("TOOL", static tool => (string?)tool["name"]),
            ("CATEGORY", static tool => (string?)tool["category"]),
            ("RISK", static tool => (string?)tool["risk"]),
        ];
        if (grant is not null)
        {
            columns.Add(("GRANT MAY", static tool => (string?)tool["outcome"]));
            columns.Add(("RULE", static tool => (string?)tool["rule"]));
            columns.Add(("LIMITS", static tool => Joined(tool["limits"])));
        }

        columns.Add(("DESCRIPTION", static tool => FirstLine((string?)tool["description"])));
        output.Table(tools, "No tools.", [.. columns]);
    }
}
