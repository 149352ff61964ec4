using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Servers;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Mcp.Writing;

namespace Gateway.Hosting.Commands.Verbs.Tools;

/// <summary><c>gateway tools</c>: each server's tools, with their effects and their permissions for a grant.</summary>
internal static class ToolsCommand
{
    /// <summary>Restricts the list to one server.</summary>
    public static readonly Option<string?> Server = new("--server")
    {
        Description = "Only tools of this server.",
        HelpName = "NAME",
    };

    private static readonly Option<string?> Grant = new("--grant")
    {
        Description = "Show what this grant may do with each tool, and by which rule.",
        HelpName = "NAME",
    };

    private static readonly Argument<string> ServerName = new("server") { Description = "The server's name." };
    private static readonly Argument<string> ToolName = new("tool") { Description = "The tool's name at the server." };

    /// <summary>Requests the list from the server now.</summary>
    public static readonly Option<bool> Refresh = new("--refresh")
    {
        Description = "Query the server now, instead of showing its last list.",
    };

    public static Command Create() => new("tools", "List, review, accept, classify and pause the servers' tools.")
    {
        RemoteVerb.CreateRows("list",
            "List each server's tools, with what a grant may do.\n\nExample:\n"
            + "  gateway tools list --grant support-bot", ListAsync, Server, Grant, Refresh),
        ToolsShow.Create(),
        ToolsCall.Create(),
        ToolsClassify.Create(),
        ToolsClass.Create(),
        ToolsDrift.Create(),
        ToolsAccept.Create(),
        ToolsAccept.CreateUndo(),
        RemoteVerb.Create("pause",
            "Pause a tool: its calls are refused for every grant until the tool is resumed. Other tools keep working."
            + "\n\nExample:\n"
            + "  gateway tools pause crm create_refund --reason \"sent twice\"", PauseAsync,
            [ServerName, ToolName, .. PauseCommand.Details]),
        RemoteVerb.Create("resume",
            "Resume a tool.\n\nExample:\n  gateway tools resume crm create_refund", ResumeAsync, ServerName, ToolName,
            RemoteVerb.Reason),
    };

    private static string PathOf(ParseResult parsed) => Resources.Servers.PathOf(parsed.GetValue(ServerName)!)
        + $"/tools/{Uri.EscapeDataString(parsed.GetValue(ToolName)!)}";

    private static async Task<int> PauseAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var after = await PauseCommand.SendAsync(
            parsed, client, $"{PathOf(parsed)}/pause", ClientJson.Default.PausesView, cancellation);
        output.Say($"{parsed.GetValue(ToolName)} of {parsed.GetValue(ServerName)} is paused.", after.Json);
        return ExitCode.Well;
    }

    private static async Task<int> ResumeAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var after = await client.PostAsync(
            $"{PathOf(parsed)}/resume", ClientJson.Default.PausesView, cancellation);
        output.Say($"{parsed.GetValue(ToolName)} of {parsed.GetValue(ServerName)} is active again.", after.Json);
        return ExitCode.Well;
    }

    private static async Task<int> ListAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var grant = parsed.GetValue(Grant);
        var query = grant is null ? "" : $"grant={Uri.EscapeDataString(grant)}&";
        var servers = (await ServersAsync(parsed, client, grant, cancellation)).ToList();
        if (!output.IsJson && parsed.GetValue(Refresh))
            Console.Error.WriteLine($"Requesting the tools of {string.Join(", ", servers)} …");
        var requests = new ServerRequests(parsed, servers);
        var all = new List<(string Server, ToolView Tool)>();
        foreach (var (server, listed) in await requests.SendAsync(
            (one, token) => client.GetAsync(
                $"{Resources.Servers.PathOf(one)}/tools?{query}{Query(parsed)}".TrimEnd('?', '&'),
                ClientJson.Default.ToolsView, token),
            cancellation))
        {
            if (listed.Note is { } note)
                Console.Error.WriteLine(VisibleText.Of(note));
            WarnIfStale(server, listed.Stale, listed.SeenAt);
            all.AddRange(listed.Tools.Select(tool => (server, tool)));
        }

        Print(output, all, grant);
        return requests.Code;
    }

    /// <summary>Returns the query parameters for an inventory.</summary>
    public static string Query(ParseResult parsed) => parsed.GetValue(Refresh) ? "refresh=1" : "";

    /// <summary>Warns that a server cannot be reached, with the age of the list that is shown.</summary>
    public static void WarnIfStale(string server, string? why, DateTimeOffset? seen)
    {
        if (why is not null)
        {
            Console.Error.WriteLine(VisibleText.Of(
                $"{server} cannot be reached; this is its list of {Times.Show(seen)}. {why}"));
        }
    }

    /// <summary>Returns the servers that the command line selects.</summary>
    public static async Task<IEnumerable<string>> ServersAsync(
        ParseResult parsed, AdminClient client, string? grant, CancellationToken cancellation)
    {
        if (parsed.GetValue(Server) is { } one)
            return [one];
        if (grant is null)
        {
            return (await client.ListAsync(Resources.Servers.Path, Resources.Servers.Page, cancellation))
                .Select(static server => server.Value.Name);
        }

        var shown = await client.GetAsync(Resources.Grants.PathOf(grant), ClientJson.Default.GrantView, cancellation);
        return (shown.Value.Servers ?? []).Keys;
    }

    private static JsonObject ToJson(string server, ToolView tool)
    {
        var row = JsonSerializer.SerializeToNode(tool, ClientJson.Default.ToolView)!.AsObject();
        row.Insert(0, "server", server);
        row["risk"] = ResourceText.Risk(tool);
        row.Remove("riskLevel");
        return row;
    }

    private static void Print(Output output, List<(string Server, ToolView Tool)> tools, string? grant)
    {
        if (output.IsJson)
        {
            output.Json(new JsonArray([.. tools.Select(static one => ToJson(one.Server, one.Tool))]));
            return;
        }

        List<(string Head, Func<(string Server, ToolView Tool), string?> Cell)> columns =
        [
            ("SERVER", static one => one.Server),
            ("TOOL", static one => one.Tool.Name),
            ("CATEGORY", static one => one.Tool.Category),
            ("CLASS", static one => one.Tool.Class?.Name),
            ("RISK", static one => ResourceText.Risk(one.Tool)),
        ];
        if (tools.Exists(static one => one.Tool.App is not null))
            columns.Add(("APP", static one => one.Tool.App));
        if (grant is not null)
        {
            columns.Add(("GRANT MAY", static one => one.Tool.Outcome));
            columns.Add(("RULE", static one => one.Tool.Rule));
            columns.Add(("LIMITS", static one => ResourceText.Joined(one.Tool.Limits, "; ")));
        }

        columns.Add(("DESCRIPTION", one => ResourceText.Description(one.Tool.Description, output)));
        output.Table(tools, "No tools.", [.. columns]);
    }
}
