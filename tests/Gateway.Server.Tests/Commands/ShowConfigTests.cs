namespace Gateway.Server.Tests.Commands;

/// <summary>What <c>gateway grant show-config</c> prints is what the agent can use.</summary>
public sealed class ShowConfigTests
{
    private const string AdminKey = "operator-key-0123456789";

    [Fact]
    public async Task Prints_the_address_of_agents_and_never_that_of_operators()
    {
        await using var bench = await Bench.StartAsync();

        Assert.Equal($"{bench.Agents}mcp/srv", Assert.Single((await bench.UrlsAsync()).Distinct()));
        Assert.NotEqual(bench.Agents.Port, bench.Operators.Port);
    }

    [Fact]
    public async Task Prints_the_public_address_where_there_is_one()
    {
        await using var ofFile = await Bench.StartAsync(more: """, "publicUrl": "https://file.example/a/" """);
        await using var ofStart = await Bench.StartAsync(
            more: """, "publicUrl": "https://file.example/" """, publicUrl: new Uri("https://start.example"));

        Assert.Equal(["https://file.example/a/mcp/srv"], (await ofFile.UrlsAsync()).Distinct());
        Assert.Equal(["https://start.example/mcp/srv"], (await ofStart.UrlsAsync()).Distinct());
        Assert.Equal(["https://own.example/mcp/srv"],
            (await ofStart.UrlsAsync("--public-url", "https://own.example/")).Distinct());
    }

    [Fact]
    public async Task Takes_the_name_by_which_the_operator_came_for_an_address_that_stands_for_all()
    {
        await using var bench = await Bench.StartAsync(listen: "http://0.0.0.0:0");

        Assert.Equal([$"http://127.0.0.1:{bench.Agents.Port}/mcp/srv"], (await bench.UrlsAsync()).Distinct());
    }

    [Theory]
    [InlineData("http://gateway.internal", true)]
    [InlineData("https://gateway.internal", false)]
    [InlineData("http://localhost:8080", false)]
    public async Task Warns_where_a_token_would_travel_readable_to_another_machine(string url, bool warns)
    {
        await using var bench = await Bench.StartAsync();

        var run = await bench.Cli.RunAsync("grant", "show-config", "agent", "--client", "generic", "--public-url", url);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(warns, run.Errors.Contains($"warning: {url}/mcp/srv is plain HTTP", StringComparison.Ordinal));
        Assert.Contains($"{url}/mcp/srv", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gateway.internal")]
    [InlineData("")]
    [InlineData("ftp://gateway.internal")]
    [InlineData("http://u:p@gateway.internal")]
    [InlineData("https://gateway.internal/?a=b")]
    public async Task Refuses_a_public_address_that_is_none(string url)
    {
        await using var bench = await Bench.StartAsync();

        var shown = await bench.Cli.RunAsync("grant", "show-config", "agent", "--public-url", url);
        var started = await bench.Cli.RunAsync("run", "--public-url", url);

        Assert.Equal((2, 2), (shown.ExitCode, started.ExitCode));
        Assert.Contains("is not a valid address", shown.Errors + started.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_an_empty_token_and_prints_nothing_to_paste()
    {
        await using var bench = await Bench.StartAsync();

        var run = await bench.Cli.RunAsync("grant", "show-config", "agent", "--token", "");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("--token is empty", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("pwsh")]
    public async Task Prints_a_curl_command_that_runs_as_pasted(string shell)
    {
        if (!Path.Exists($"/usr/bin/{shell}"))
            return;
        await using var bench = await Bench.StartAsync();
        var shown = await bench.Cli.RunAsync(
            "grant", "show-config", "agent", "--client", "curl", "--token", TestTokens.Agent);

        using var run = Process.Start(new ProcessStartInfo($"/usr/bin/{shell}", ["-c", shown.Output])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = await run.StandardOutput.ReadToEndAsync().WaitAsync(Soon.AtMost);

        await run.WaitForExitAsync();
        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":{"tools":[]}}""", output);
        Assert.Equal("tools/list", Assert.Single(bench.Server.Requests).Headers["Mcp-Method"]);
    }

    private sealed class Bench(TestFolder folder, RecordingServer server, GatewayHost host) : IAsyncDisposable
    {
        public RecordingServer Server => server;

        public Uri Agents { get; } = new(host.Addresses[0]);

        public Uri Operators { get; } = new(host.Addresses[^1]);

        public Cli Cli => new(folder.Path, Operators, AdminKey);

        public static async Task<Bench> StartAsync(
            string listen = "http://127.0.0.1:0", string more = "", Uri? publicUrl = null)
        {
            var folder = new TestFolder();
            var server = await RecordingServer.StartAsync();
            server.Answer = static (http, _) =>
                RecordingServer.JsonAsync(http, """{"jsonrpc":"2.0","id":1,"result":{"tools":[]}}""");
            var config = TestConfig.Write(
                folder.Path, server.Url, """{ "version": "1", "default": "allow" }""",
                $$""", "admin": { "key": "{{AdminKey}}" } {{more}}""");
            var host = await GatewayHost.StartAsync(
                new GatewayHostOptions
                {
                    DataDirectory = Path.Combine(folder.Path, "data"),
                    Listen = [listen],
                    AdminListen = "http://127.0.0.1:0",
                    ConfigFile = new() { Path = config, PublicUrl = publicUrl },
                    Quiet = true,
                },
                CancellationToken.None);
            return new Bench(folder, server, host);
        }

        public async Task<IEnumerable<string>> UrlsAsync(params string[] options)
        {
            var run = await Cli.RunAsync(
                ["grant", "show-config", "agent", "--client", "cursor", "--json", .. options]);
            Assert.Equal((0, ""), (run.ExitCode, run.Errors));
            return JsonNode.Parse(run.Output)!.AsArray().Select(static snippet =>
                (string)JsonNode.Parse((string)snippet!["text"]!)!["mcpServers"]!["srv"]!["url"]!);
        }

        public async ValueTask DisposeAsync()
        {
            await host.DisposeAsync();
            await server.DisposeAsync();
            folder.Dispose();
        }
    }
}
