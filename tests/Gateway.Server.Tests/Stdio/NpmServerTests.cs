namespace Gateway.Server.Tests.Stdio;

/// <summary>Official servers as programs behind the gateway, with the official clients before it.</summary>
public sealed class NpmServerTests : IDisposable
{
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(3));

    private CancellationToken Deadline => _deadline.Token;

    public void Dispose() => _deadline.Dispose();

    [NodeFact]
    public async Task The_everything_server_is_policed_for_the_legacy_TypeScript_client()
    {
        await using var bench = await StdioBench.StartProgramAsync(Server("everything"), InteropPolicies.Everything);

        var seen = await SeenSession.RunAsync(SeenSession.LegacyClient, bench.Endpoint, TestTokens.Agent, Deadline,
            new ScriptedCall("echo", new() { ["message"] = "hello" }),
            new ScriptedCall("get-sum", new() { ["a"] = 2, ["b"] = 3 }),
            new ScriptedCall("get-sum", new() { ["a"] = 2, ["b"] = 3 }),
            new ScriptedCall("get-env", []));

        Assert.Equal("mcp-servers/everything", seen.Server);
        Assert.Equal(("2025-11-25", true), (seen.ProtocolVersion, seen.HasSession));
        Assert.Equal(["echo", "get-sum"], seen.Tools.AsEnumerable());
        Assert.Equal((false, "Echo: hello"), (seen.Results[0].IsError, seen.Results[0].Text));
        Assert.False(seen.Results[1].IsError);
        seen.Results[2].AssertRateLimited("/tools/get-sum/limits/0");
        seen.Results[3].AssertDenied("(default deny)");
    }

    [NodeFact]
    public async Task The_stateless_TypeScript_client_shares_a_program()
    {
        await using var bench = await StdioBench.StartAsync();

        var seen = await SeenSession.RunAsync(SeenSession.StatelessClient, bench.Endpoint, TestTokens.Agent, Deadline,
            new ScriptedCall("echo", []));

        Assert.Equal(("2026-07-28", false), (seen.ProtocolVersion, seen.HasSession));
        Assert.Equal(["echo", "die", "hidden"], seen.Tools.AsEnumerable());
        Assert.Equal($"echo {bench.Pids.Single()}", seen.Results.Single().Text);
    }

    [LinuxFact]
    public async Task The_CSharp_client_of_the_stateless_revision_shares_a_program()
    {
        await using var bench = await StdioBench.StartAsync();
        await using var client = await ConnectAsync(bench, "2026-07-28");

        var tools = await client.ListToolsAsync(cancellationToken: Deadline);

        Assert.Equal(["die", "echo", "hidden"], tools.Select(static tool => tool.Name).Order(StringComparer.Ordinal));
        Assert.Equal($"echo {bench.Pids.Single()}", await CallAsync(client, "echo", []));
    }

    [NodeFact]
    public async Task A_client_that_prefers_the_stateless_revision_falls_back_to_a_session()
    {
        await using var bench = await StdioBench.StartProgramAsync(Server("everything"));
        await using var client = await ConnectAsync(bench, null);

        Assert.Equal("2025-11-25", client.NegotiatedProtocolVersion);
        Assert.Equal("Echo: hello", await CallAsync(client, "echo", new() { ["message"] = "hello" }));
        // The program that was probed with server/discover is gone.
        await Soon.UntilAsync(async () => await bench.RunningAsync() == 1, "one program runs");
    }

    [NodeFact]
    public async Task Progress_of_the_everything_server_comes_before_its_answer()
    {
        await using var bench = await StdioBench.StartProgramAsync(Server("everything"));
        var session = await bench.OpenAsync();

        var answer = await bench.CallAsync("""
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"trigger-long-running-operation",
            "arguments":{"duration":0.3,"steps":3},"_meta":{"progressToken":"p"}}}
            """, session);

        Assert.Equal(4, answer.Split("\"progressToken\":\"p\"").Length);
        Assert.True(answer.LastIndexOf("progressToken", StringComparison.Ordinal)
            < answer.IndexOf("\"result\"", StringComparison.Ordinal), answer);
    }

    [NodeFact]
    public async Task The_filesystem_server_reads_and_writes_where_it_may()
    {
        await using var bench = await StdioBench.StartProgramAsync(Server("filesystem", ", \"FOLDER\""));
        await using var client = await ConnectAsync(bench, "2025-11-25");
        var path = Path.Combine(bench.Folder, "note");

        await CallAsync(client, "write_file", new() { ["path"] = path, ["content"] = "line 1\nline 2 \u2028 é" });
        var read = await CallAsync(client, "read_text_file", new() { ["path"] = path });

        Assert.Equal("line 1\nline 2 \u2028 é", File.ReadAllText(path));
        Assert.Equal("line 1\nline 2 \u2028 é", read);
    }

    [NodeFact]
    public async Task The_memory_server_keeps_its_data()
    {
        await using var bench = await StdioBench.StartProgramAsync(
            Server("memory", "", """, "env": { "MEMORY_FILE_PATH": "FOLDER/memory.json" }"""));
        await using (var client = await ConnectAsync(bench, "2025-06-18"))
        {
            await CallAsync(client, "create_entities", new()
            {
                ["entities"] = new[] { new { name = "gateway", entityType = "program", observations = new[] { "x" } } },
            });
        }

        await using var second = await ConnectAsync(bench, "2025-11-25");
        Assert.Contains("\"gateway\"", await CallAsync(second, "read_graph", []));
    }

    [NodeTheory]
    [InlineData("server-memory-2024", "read_graph")]
    [InlineData("@modelcontextprotocol/server-brave-search", "brave_web_search")]
    [InlineData("@modelcontextprotocol/server-github", "create_issue")]
    [InlineData("@modelcontextprotocol/server-gitlab", "create_issue")]
    [InlineData("@modelcontextprotocol/server-google-maps", "maps_geocode")]
    [InlineData("@modelcontextprotocol/server-slack", "slack_post_message")]
    public async Task Server_of_2024_11_05_connects_for_every_client_and_has_an_inventory(string package, string tool)
    {
        var main = Path.Combine(NodePackages.Folder, "node_modules", package, "dist", "index.js");
        await using var bench = await StdioBench.StartProgramAsync($$"""
            { "command": "{{NodePackages.Node}}", "args": ["{{main}}"], "env": {
              "BRAVE_API_KEY": "dummy", "GITHUB_PERSONAL_ACCESS_TOKEN": "dummy", "GITLAB_PERSONAL_ACCESS_TOKEN": "dummy",
              "GOOGLE_MAPS_API_KEY": "dummy", "SLACK_BOT_TOKEN": "xoxb-dummy", "SLACK_TEAM_ID": "T0" } }
            """);
        await using var client = await ConnectAsync(bench, null);

        var tools = await client.ListToolsAsync(cancellationToken: Deadline);
        var seen = await SeenSession.RunAsync(SeenSession.LegacyClient, bench.Endpoint, TestTokens.Agent, Deadline);

        var listed = await new Cli(bench.Folder, new Uri(bench.Endpoint, "/"), bench.AdminKey).RunAsync(
            "server", "inspect", bench.Server, "--json");

        Assert.True(listed.ExitCode == 0, listed.Errors);
        Assert.Contains(tool, listed.Output, StringComparison.Ordinal);
        Assert.Equal("2024-11-05", client.NegotiatedProtocolVersion);
        Assert.Equal("2024-11-05", seen.ProtocolVersion);
        Assert.Contains(tool, tools.Select(static one => one.Name));
        Assert.Contains(tool, seen.Tools);
    }

    [NodeFact]
    public async Task Playwright_offers_the_tools_that_the_policy_lets_through()
    {
        var main = Path.Combine(NodePackages.Folder, "node_modules", "@playwright", "mcp", "cli.js");
        await using var bench = await StdioBench.StartProgramAsync(
            $$"""{ "command": "{{NodePackages.Node}}", "args": ["{{main}}", "--headless"], "cwd": "FOLDER" }""",
            """
            { "version": "1", "default": "deny", "tools": { "browser_navigate": {}, "browser_snapshot": {} } }
            """);
        await using var client = await ConnectAsync(bench, "2025-11-25");

        var tools = await client.ListToolsAsync(cancellationToken: Deadline);
        var seen = await SeenSession.RunAsync(SeenSession.LegacyClient, bench.Endpoint, TestTokens.Agent, Deadline,
            new ScriptedCall("browser_evaluate", new() { ["function"] = "() => 1" }));

        Assert.Equal(["browser_navigate", "browser_snapshot"], tools.Select(static tool => tool.Name).Order());
        Assert.Equal(["browser_navigate", "browser_snapshot"], seen.Tools.Order());
        seen.Results.Single().AssertDenied("(default deny)");
    }

    private static string Server(string name, string arguments = "", string more = "")
    {
        var main = Path.Combine(
            NodePackages.Folder, "node_modules", "@modelcontextprotocol", $"server-{name}", "dist", "index.js");
        return $$"""{ "command": "{{NodePackages.Node}}", "args": ["{{main}}"{{arguments}}]{{more}} }""";
    }

    private async Task<string> CallAsync(McpClient client, string tool, Dictionary<string, object?> arguments)
    {
        var result = await client.CallToolAsync(tool, arguments, cancellationToken: Deadline);
        return string.Join(' ', result.Content.OfType<TextContentBlock>().Select(static block => block.Text));
    }

    private Task<McpClient> ConnectAsync(StdioBench bench, string? version) => McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = bench.Endpoint,
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {TestTokens.Agent}" },
        }),
        OfficialOptions.Speaking(version),
        cancellationToken: Deadline);
}
