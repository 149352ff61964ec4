namespace Gateway.Server.Tests.Stdio;

/// <summary><c>gateway stdio</c>, started by the official client as any server is.</summary>
public sealed class StdioVerbTests : IDisposable
{
    private const string Policy = """
        {
          "version": "1", "default": "deny",
          "tools": { "echo": { "limits": [ { "counter": "c", "window": "month", "max": 2 } ] },
                     "progress": {}, "change": {} }
        }
        """;

    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(3));

    private CancellationToken Deadline => _deadline.Token;

    public void Dispose() => _deadline.Dispose();

    [LinuxTheory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task A_running_gateway_polices_a_client_that_only_starts_programs(string version)
    {
        await using var bench = await StdioBench.StartAsync(Policy);
        await using (var client = await ConnectAsync(version, TestTokens.Agent,
            "--server", bench.Server, "--gateway", bench.Endpoint.GetLeftPart(UriPartial.Authority)))
        {
            var tools = await client.ListToolsAsync(cancellationToken: Deadline);
            var results = new List<string>();
            for (var i = 0; i < 3; i++)
                results.Add(await CallAsync(client, "echo"));

            Assert.Equal(["echo"], tools.Select(static tool => tool.Name));
            Assert.Equal(version, client.NegotiatedProtocolVersion);
            Assert.StartsWith("echo ", results[1]);
            Assert.StartsWith("Policy violation: ", results[2]);
            Assert.StartsWith("Policy violation: ", await CallAsync(client, "hidden"));
        }

        if (version != "2026-07-28")
            await LiveProcesses.AllGoneAsync(() => bench.Pids);
    }

    [LinuxFact]
    public async Task A_gateway_that_nothing_reached_did_not_make_the_call()
    {
        await using var bench = await StdioBench.StartAsync(Policy);
        using var process = Start(bench);
        await process.StandardInput.WriteLineAsync(StdioBench.Initialize.ReplaceLineEndings(" "));
        await process.StandardOutput.ReadLineAsync(Deadline);
        await bench.DisposeHostAsync();

        await process.StandardInput.WriteLineAsync(StdioBench.Call("echo"));
        var answer = await process.StandardOutput.ReadLineAsync(Deadline);

        Assert.Contains("cannot be reached", answer);
        Assert.Contains("The call did not happen.", answer);
        process.StandardInput.Close();
        await process.WaitForExitAsync(Deadline);
    }

    [LinuxFact]
    public async Task Everything_that_a_server_says_is_a_line_in_its_order()
    {
        await using var bench = await StdioBench.StartAsync(Policy);
        using var process = Start(bench);

        await process.StandardInput.WriteLineAsync(StdioBench.Initialize.ReplaceLineEndings(" "));
        var initialized = await process.StandardOutput.ReadLineAsync(Deadline);
        await process.StandardInput.WriteLineAsync("{\"jsonrpc\":\"2.0\", no message");
        var refused = await process.StandardOutput.ReadLineAsync(Deadline);
        await process.StandardInput.WriteLineAsync(
            StdioBench.Call("progress", more: ""","_meta":{"progressToken":"t"}"""));
        var progress = await process.StandardOutput.ReadLineAsync(Deadline);
        var answer = await process.StandardOutput.ReadLineAsync(Deadline);
        process.StandardInput.Close();
        await process.WaitForExitAsync(Deadline);

        Assert.Contains("\"protocolVersion\":\"2025-11-25\"", initialized);
        Assert.Contains("\"code\":-32700", refused);
        Assert.Contains("\"progressToken\":\"t\"", progress);
        Assert.Contains("progressed", answer);
        Assert.Equal(0, process.ExitCode);
        await LiveProcesses.AllGoneAsync(() => bench.Pids);
    }

    [LinuxFact]
    public async Task Changes_reach_a_client_that_only_starts_programs()
    {
        await using var bench = await StdioBench.StartAsync(Policy);
        await using var client = await ConnectAsync("2025-11-25", TestTokens.Agent,
            "--server", bench.Server, "--gateway", bench.Endpoint.GetLeftPart(UriPartial.Authority));
        var changed = new TaskCompletionSource();
        await using var handler = client.RegisterNotificationHandler(
            NotificationMethods.ToolListChangedNotification, (_, _) =>
            {
                changed.TrySetResult();
                return ValueTask.CompletedTask;
            });

        await client.CallToolAsync("change", cancellationToken: Deadline);

        await changed.Task.WaitAsync(Deadline);
    }

    [LinuxFact]
    public async Task By_itself_it_is_the_gateway_too()
    {
        using var folder = new TestFolder("gateway-stdio-");
        var config = StdioBench.WriteConfig(folder.Path, Policy);
        await using (var client = await ConnectAsync(null, TestTokens.Agent,
            "--server", "srv", "--config", config, "--data", Path.Combine(folder.Path, "data")))
        {
            Assert.StartsWith("echo ", await CallAsync(client, "echo"));
            Assert.StartsWith("Policy violation: ", await CallAsync(client, "hidden"));
        }

        var pids = File.ReadAllLines(Path.Combine(folder.Path, "pids"))
            .Select(static line => int.Parse(line, null)).ToList();
        await LiveProcesses.AllGoneAsync(() => pids);
    }

    [LinuxFact]
    public async Task An_invalid_token_is_reported_to_the_client()
    {
        await using var bench = await StdioBench.StartAsync(Policy);

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync("2025-11-25", "pgw_wrong_token_0123456",
            "--server", bench.Server, "--gateway", bench.Endpoint.GetLeftPart(UriPartial.Authority)));

        Assert.Contains("The gateway responded with HTTP 401: Not authorized", refused.ToString());
    }

    private static async Task<string> CallAsync(McpClient client, string tool)
    {
        var result = await client.CallToolAsync(tool);
        return string.Join(' ', result.Content.OfType<TextContentBlock>().Select(static block => block.Text));
    }

    private static Process Start(StdioBench bench)
    {
        var command = Programs.Command(Programs.Gateway,
        [
            "stdio", "--server", bench.Server, "--gateway", bench.Endpoint.GetLeftPart(UriPartial.Authority),
        ]);
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["GATEWAY_TOKEN"] = TestTokens.Agent;
        return Process.Start(start)!;
    }

    private Task<McpClient> ConnectAsync(string? version, string token, params string[] arguments)
    {
        var command = Programs.Command(Programs.Gateway, ["stdio", .. arguments]);
        return McpClient.CreateAsync(
            new StdioClientTransport(new StdioClientTransportOptions
            {
                Command = command[0],
                Arguments = command[1..],
                EnvironmentVariables = new Dictionary<string, string?> { ["GATEWAY_TOKEN"] = token },
            }),
            OfficialOptions.Speaking(version),
            cancellationToken: Deadline);
    }
}
