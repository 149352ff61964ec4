using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Servers;
using Gateway.Control.Contracts;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Servers;

/// <summary><c>gateway server</c>: the MCP servers behind the gateway.</summary>
internal static class ServerCommand
{
    private static readonly Argument<string> Name = Resources.Servers.Name;

    private static readonly Argument<string?> Url = new("url")
    {
        Description = "The server's MCP endpoint.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> Program = new("--command")
    {
        Description = "Use a program instead of a URL. The command does not register the program; it prints the entry "
            + "to add to the configuration file.",
        HelpName = "PROGRAM",
    };

    private static readonly Option<string[]> ProgramArgument = new("--arg")
    {
        Description = "An argument of the program; repeatable.",
        HelpName = "TEXT",
    };

    private static readonly Option<bool> Replace = new("--replace")
    {
        Description = "If a server of this name exists, replace its address and the given settings; the other "
            + "settings stay.",
    };

    public static Command Create() => new(
        "server", "Register, import, list, change, rename, inspect, pause and remove MCP servers.")
    {
        RemoteVerb.Create("add",
            "Register a server. An existing server of that name is changed only with --replace.\n\nExample:\n"
            + "  gateway server add crm http://127.0.0.1:9000/mcp --header \"Authorization: Bearer $CRM_TOKEN\"",
            AddAsync, [Name, Url, Program, ProgramArgument, Replace, RemoteVerb.Reason, .. ServerSet.Members.All]),
        ServerSet.Create(),
        ServerImport.Create(),
        Resources.Servers.Show(
            "Show how a server is registered; header values and secrets are never shown.\n\nExample:\n"
            + "  gateway server show crm"),
        ServerRename.Create(),
        Resources.Servers.Pause(
            "Pause a server: its calls are refused and its streams close until the server is resumed, even after a "
            + "restart.\n\nExample:\n  gateway server pause crm --reason \"upgrade\" --until 30m"),
        Resources.Servers.Act("resume",
            "Resume a server.\n\nExample:\n  gateway server resume crm",
            static (name, _) => $"{name} is active again."),
        Resources.Servers.List("List the registered servers.\n\nExample:\n  gateway server list"),
        RemoteVerb.Create("inspect",
            "Show a server's state and running programs, and list its tools with the risk of each.\n\nExample:\n"
            + "  gateway server inspect crm", InspectAsync, Name),
        Resources.Servers.Remove("remove",
            "Remove a server that is not used by any grant.\n\nExample:\n  gateway server remove crm", "was removed."),
    };

    private static async Task<int> AddAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var name = parsed.GetValue(Name)!;
        if (parsed.GetValue(Program) is { } program)
            return ProgramEntry.Print(name, program, parsed.GetValue(ProgramArgument) ?? [], output);
        if (parsed.GetValue(Url) is not { } url)
        {
            Console.Error.WriteLine("Write the server's URL after its name.");
            return ExitCode.Usage;
        }

        if (ServerSet.Read(parsed, url) is not { } patch)
            return ExitCode.Usage;
        // In a whole configuration, an object without members removes the present one.
        var server = ServerSet.Values(patch);
        if (server is { OAuth: { ClientId: null } account, Auth: not ServerSpec.CallersOAuth }
            && account != new ServerAccountInput())
        {
            Console.Error.WriteLine("Write --oauth-client-id, or --auth oauth, with the other --oauth options.");
            return ExitCode.Usage;
        }

        var path = Resources.Servers.PathOf(name);
        var version = await client.VersionAsync(path, cancellation);
        // A damaged server has no version; adding it again repairs it.
        if (version is not (null or "*") && !parsed.GetValue(Replace))
        {
            Console.Error.WriteLine($"{name} is registered already. Change it with \"gateway server set {name}\", or "
                + "replace its address and the given settings with --replace.");
            return ExitCode.No;
        }

        var set = await client.PutAsync(
            path, JsonSerializer.SerializeToUtf8Bytes(server, ClientJson.Default.ServerInput), version,
            ClientJson.Default.ServerView, cancellation);
        var done = version is null ? "registered" : "changed";
        var missing = ResourceText.Detached(set.Value) is { } detached
            ? $" The server's credential must be entered again: {detached}."
            : "";
        output.Say($"{name} is {done}.{missing} Next: gateway server inspect {name}", set.Json);
        return ExitCode.Well;
    }

    private static async Task<int> InspectAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var path = Resources.Servers.PathOf(parsed);
        if (!output.IsJson)
        {
            // Before the request to the server: this output helps to examine a server that does not respond.
            Print((await client.GetAsync(path, ClientJson.Default.ServerView, cancellation)).Value, output);
            Console.Error.WriteLine($"Requesting the tools of {parsed.GetValue(Name)} …");
        }

        var tools = (await client.GetAsync($"{path}/tools", ClientJson.Default.ToolsView, cancellation)).Value.Tools;
        if (output.IsJson)
        {
            // Read after the request to the server, which may have started its first program.
            var server = (await client.GetAsync(path, ClientJson.Default.ServerView, cancellation)).Value;
            output.Json(new JsonObject
            {
                ["programs"] = server.Programs is null ? null
                    : JsonSerializer.SerializeToNode(server.Programs, ClientJson.Default.ProgramsView),
                ["tools"] = JsonSerializer.SerializeToNode(tools, ClientJson.Default.IReadOnlyListToolView),
            });
            return ExitCode.Well;
        }

        output.Table(tools, "The server offers no tools.",
            ("TOOL", static tool => tool.Name),
            ("RISK", static tool => ResourceText.Risk(tool)),
            ("BECAUSE", static tool => tool.RiskReason),
            ("DESCRIPTION", tool => ResourceText.Description(tool.Description, output)));
        return ExitCode.Well;
    }

    private static void Print(ServerView server, Output output)
    {
        if (server.OAuth?.LastError is { } error)
            output.Line($"This gateway has no access token for the server: {error}");
        if (ResourceText.Detached(server) is { } detached)
            output.Line($"The server's credential must be entered again: {detached}.");
        if (server.Health?.Fault is { } fault)
            output.Line($"The last calls to the server failed: {fault}");
        if (server.Health?.Route is { } route && ResourceText.IsProxied(route))
            output.Line($"Route: {route}.");
        if (ResourceText.Replicas(server) is { } replicas)
            output.Line($"Replicas: {replicas}.");
        if (ResourceText.Transport(server) is { } transport)
            output.Line($"Transport: {transport}.");
        if (ResourceText.Timeouts(server.Timeouts) is { } timeouts)
            output.Line($"Timeouts: {timeouts}.");
        if (server.Programs is { } programs)
            Print(programs, output);
    }

    private static void Print(ProgramsView programs, Output output)
    {
        output.Line($"{ResourceText.Programs(programs)} programs run here; {Spelling.Count(programs.Starts, "start")}, "
            + $"{programs.Restarts} after a crash.");
        if (programs.LastError is { } error)
            output.Line($"Last error, {Times.Show(programs.LastErrorAt)}: {error}");
        if (programs.LastErrorLines.Count > 0)
            output.Line("Last lines on standard error:");
        foreach (var line in programs.LastErrorLines)
            output.Line($"  {line}");
        if (programs.Children.Count > 0)
        {
            output.Table(programs.Children, "",
                ("PROCESS", static child => $"{child.Process}"),
                ("GRANT", static child => child.Grant),
                ("KIND", static child => child.Kind),
                ("STARTED", static child => Times.Show(child.Started)),
                ("CALLS", static child => $"{child.Calls}"),
                ("IDLE", static child => string.Create(CultureInfo.InvariantCulture, $"{child.IdleSeconds} s")));
        }

        output.Line("");
    }
}
