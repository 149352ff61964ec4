using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary><c>gateway server</c>: which MCP servers are behind the gateway.</summary>
internal static class ServerCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "The server's name." };

    private static readonly Argument<string?> Url = new("url")
    {
        Description = "Its MCP endpoint.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string> Program = new("--command")
    {
        Description = "A program in place of the URL: prints the entry for the configuration file, where those belong.",
        HelpName = "PROGRAM",
    };

    private static readonly Option<string[]> ProgramArgument = new("--arg")
    {
        Description = "An argument of the program; may be given several times.",
        HelpName = "TEXT",
    };

    public static Command Create() => new(
        "server", "Register, import, list, change, rename, inspect, pause and remove MCP servers.")
    {
        RemoteVerb.Create("add",
            "Register a server, or change one.\n\nExample:\n"
            + "  gateway server add crm http://127.0.0.1:9000/mcp --header \"Authorization: Bearer $CRM_TOKEN\"",
            AddAsync, [Name, Url, Program, ProgramArgument, .. ServerSecrets.Options, .. ServerNetwork.Options]),
        ServerSet.Create(),
        ServerImport.Create(),
        ServerShow.Create(),
        ServerRename.Create(),
        ServerPause.Create("pause"),
        ServerPause.Create("resume"),
        RemoteVerb.CreateRows("list", "List the registered servers.\n\nExample:\n  gateway server list", ListAsync),
        RemoteVerb.Create("inspect",
            "Show a server's programs, and ask it for its tools, with a guess at what each could harm.\n\nExample:\n"
            + "  gateway server inspect crm", InspectAsync, Name),
        RemoteVerb.Create("remove",
            "Remove a server that no grant uses.\n\nExample:\n  gateway server remove crm", RemoveAsync, Name),
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

        var body = new JsonObject();
        if (!ServerSecrets.TryAdd(parsed, body) || !ServerNetwork.TryAdd(parsed, url, body, isPatch: false))
            return ExitCode.Usage;
        var path = $"servers/{Uri.EscapeDataString(name)}";
        var version = await client.VersionAsync(path, cancellation);
        var set = await client.SendAsync("PUT", path, body, version, cancellation);
        var done = version is null ? "registered" : "changed";
        var missing = ServerShow.Detached(set.Object) is { } detached
            ? $" Its credential must be entered again: {detached}."
            : "";
        output.Say($"{name} is {done}.{missing} Next: gateway server inspect {name}", set.Json);
        return ExitCode.Well;
    }

    private static async Task<int> ListAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var servers = await client.ListAsync("servers", cancellation);
        output.Table(servers, "No server is registered. See: gateway server add",
            ("NAME", static server => (string?)server["name"]),
            ("URL", static server => (string?)server["url"]),
            ("STATUS", static server => server["paused"] is not null ? "paused"
                : ServerShow.Detached(server) is null ? "active" : "credential must be entered again"),
            ("HEADERS", static server => string.Join(", ", server["headerNames"]!.AsArray())),
            ("PROGRAMS", static server => ServerPrograms.Count(server["programs"])),
            ("FROM", static server => (string?)server["origin"]));
        return ExitCode.Well;
    }

    private static async Task<int> InspectAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var path = $"servers/{Uri.EscapeDataString(parsed.GetValue(Name)!)}";
        if (!output.IsJson)
        {
            // First, and whatever becomes of the question: a server that does not answer is looked into by this.
            var server = (await client.GetAsync(path, cancellation)).Object;
            if ((string?)server["oauth"]?["lastError"] is { } error)
                output.Line($"No access token here: {error}");
            if (ServerShow.Detached(server) is { } detached)
                output.Line($"Its credential must be entered again: {detached}.");
            if ((string?)server["health"]?["fault"] is { } fault)
                output.Line($"Its last calls failed: {fault}");
            if ((string?)server["health"]?["route"] is { } route && ServerShow.IsProxied(route))
                output.Line($"Route: {route}.");
            if (ServerShow.Replicas(server) is { } replicas)
                output.Line($"Replicas: {replicas}.");
            if (ServerShow.Transport(server) is { } transport)
                output.Line($"Transport: {transport}.");
            if (ServerNetwork.Timeouts(server) is { } timeouts)
                output.Line($"Timeouts: {timeouts}.");
            ServerPrograms.Print(server["programs"], output);
            Console.Error.WriteLine($"Asking {parsed.GetValue(Name)} for its tools …");
        }

        var tools = (await client.GetAsync($"{path}/tools", cancellation)).Object["tools"]!.AsArray();
        if (output.IsJson)
        {
            // What runs after the question: it may have started the first.
            output.Json(new JsonObject
            {
                ["programs"] = (await client.GetAsync(path, cancellation)).Object["programs"]?.DeepClone(),
                ["tools"] = tools.DeepClone(),
            });
            return ExitCode.Well;
        }

        output.Table(tools, "The server offers no tools.",
            ("TOOL", static tool => (string?)tool["name"]),
            ("RISK", static tool => (string?)tool["riskLevel"] ?? (string?)tool["risk"]),
            ("BECAUSE", static tool => (string?)tool["riskReason"]),
            ("DESCRIPTION", static tool => ToolsCommand.FirstLine((string?)tool["description"])));
        return ExitCode.Well;
    }

    private static async Task<int> RemoveAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var path = $"servers/{Uri.EscapeDataString(parsed.GetValue(Name)!)}";
        var version = await client.VersionAsync(path, cancellation);
        await client.SendAsync("DELETE", path, null, version ?? "*", cancellation);
        output.Say($"{parsed.GetValue(Name)} is removed.", null);
        return ExitCode.Well;
    }
}
