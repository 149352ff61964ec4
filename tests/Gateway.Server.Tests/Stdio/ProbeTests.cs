namespace Gateway.Server.Tests.Stdio;

/// <summary>The catalogue's probes of programs.</summary>
public sealed class ProbeTests
{
    /// <summary>The official example server as a program.</summary>
    internal static string Everything { get; } = Path.Combine(
        NodePackages.Folder, "node_modules", "@modelcontextprotocol", "server-everything", "dist", "index.js");

    [NodeFact]
    public async Task Probe_lists_every_tool_that_a_client_with_all_capabilities_gets()
    {
        await using var bench = await StdioBench.StartProgramAsync(
            $$"""{ "command": "{{NodePackages.Node}}", "args": ["{{Everything}}", "stdio"] }""");
        var cli = new Cli(bench.Folder, new Uri(bench.Endpoint, "/"), bench.AdminKey);

        var run = await cli.RunAsync("server", "inspect", bench.Server, "--json");

        Assert.Equal(await DirectAsync(), JsonNode.Parse(run.Output)!["tools"]!.AsArray()
            .Select(static tool => (string)tool!["name"]!).Order(StringComparer.Ordinal));
    }

    [LinuxFact]
    public async Task Probe_starts_a_program_once_and_leaves_none()
    {
        await using var bench = await StdioBench.StartAsync();
        var cli = new Cli(bench.Folder, new Uri(bench.Endpoint, "/"), bench.AdminKey);

        for (var probes = 1; probes <= 3; probes++)
        {
            var run = await cli.RunAsync("tools", "list", "--server", bench.Server, "--refresh");

            Assert.True(run.ExitCode == 0, run.Errors);
            await Soon.UntilAsync(async () => await bench.RunningAsync() == 0, "no program of the probe runs");
            Assert.Equal(probes, bench.Pids.Distinct().Count());
        }
    }

    [LinuxFact]
    public async Task Program_without_cwd_runs_in_a_directory_of_its_own()
    {
        await using var bench = await StdioBench.StartProgramAsync($$"""
            { "command": "/bin/sh", "args": ["-c", "pwd >FOLDER/where; exec /bin/sh {{StdioBench.Script}}"],
              "env": { "RECORD": "FOLDER/record", "PIDS": "FOLDER/pids" } }
            """);

        await bench.OpenAsync();

        Assert.EndsWith(
            $"/programs/{bench.Server}", (await File.ReadAllTextAsync(Path.Combine(bench.Folder, "where"))).Trim(),
            StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task Waiting_for_other_probes_is_not_time_of_a_server()
    {
        // Each probe is slower than a slot would be free, and all are asked for at once.
        await using var bench = await StdioBench.StartProgramAsync($$"""
            { "command": "/bin/sh", "args": ["-c", "sleep 2; exec /bin/sh {{StdioBench.Script}}"],
              "env": { "RECORD": "FOLDER/record", "PIDS": "FOLDER/pids" } }
            """);
        var cli = new Cli(bench.Folder, new Uri(bench.Endpoint, "/"), bench.AdminKey);

        var runs = await Task.WhenAll(Enumerable.Range(0, 12).Select(
            _ => cli.RunAsync("tools", "list", "--server", bench.Server, "--refresh")));

        Assert.All(runs, static run => Assert.True(run.ExitCode == 0, run.Errors));
    }

    private static async Task<IEnumerable<string>> DirectAsync()
    {
#pragma warning disable MCP9005 // The capabilities that servers of today look for.
        var options = new McpClientOptions
        {
            ProtocolVersion = "2025-11-25",
            Handlers = new McpClientHandlers
            {
                RootsHandler = static (_, _) => ValueTask.FromResult(new ListRootsResult { Roots = [] }),
                ElicitationHandler = static (_, _) => ValueTask.FromResult(new ElicitResult { Action = "decline" }),
                SamplingHandler = static (_, _, _) => throw new InvalidOperationException(),
            },
            Capabilities = new ClientCapabilities
            {
                Elicitation = new ElicitationCapability { Form = new(), Url = new() },
            },
        };
#pragma warning restore MCP9005
        await using var client = await McpClient.CreateAsync(
            new StdioClientTransport(new StdioClientTransportOptions
            {
                Command = NodePackages.Node,
                Arguments = [Everything, "stdio"],
            }), options);
        return (await client.ListToolsAsync()).Select(static tool => tool.Name).Order(StringComparer.Ordinal);
    }
}
