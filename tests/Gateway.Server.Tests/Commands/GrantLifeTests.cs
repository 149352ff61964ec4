namespace Gateway.Server.Tests.Commands;

/// <summary>The whole life of a grant with the command line alone: real processes, a real server behind them.</summary>
public sealed class GrantLifeTests : IAsyncLifetime, IDisposable
{
    private const string AdminKey = "admin-key-of-this-test";
    private readonly TestFolder _folder = new("gateway-life-");
    private readonly TaskCompletionSource _serverAborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RecordingServer _server = null!;
    private GatewayProcess _gateway = null!;
    private Cli _cli = null!;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        var config = Path.Combine(_folder.Path, "gateway.json");
        await File.WriteAllTextAsync(config, $$"""{ "admin": { "key": "{{AdminKey}}" } }""");
        _gateway = await GatewayProcess.StartAsync(config, Path.Combine(_folder.Path, "data"));
        _cli = new Cli(_folder.Path, _gateway.Address, AdminKey);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lists_tools_or_finds_them_as_the_operator_says()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder.Path, "policy.json"), """{ "version": "1", "default": "allow" }""");
        await WellAsync("server", "add", "bank", _server.Url);
        await WellAsync("policy", "set", "open", "policy.json");
        await WellAsync("grant", "create", "bot", "--server", "bank=open", "--tools-as", "search");
        Assert.Equal("search", await ToolsAsAsync());
        await WellAsync("grant", "set", "bot", "--expires", "30d");
        Assert.Equal("search", await ToolsAsAsync());
        await WellAsync("grant", "set", "bot", "--tools-as", "list");
        Assert.Null(await ToolsAsAsync());

        async Task<string?> ToolsAsAsync() =>
            (string?)JsonNode.Parse(await WellAsync("grant", "show", "bot", "--json"))!["tools_as"];
    }

    [Fact]
    public async Task Describes_a_grant_and_shows_the_description()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder.Path, "policy.json"), """{ "version": "1", "default": "allow" }""");
        await WellAsync("server", "add", "bank", _server.Url);
        await WellAsync("policy", "set", "open", "policy.json");
        await WellAsync("grant", "create", "bot", "--server", "bank=open", "--description", "pays invoices");
        Assert.Matches(@"(?m)^description +pays invoices\r?$", await WellAsync("grant", "show", "bot"));
        await WellAsync("grant", "set", "bot", "--tools-as", "search", "--description", "pays rent");
        Assert.Contains("pays rent", await WellAsync("grant", "show", "bot"), StringComparison.Ordinal);
        await WellAsync("grant", "set", "bot", "--description", "");
        Assert.DoesNotContain("pays", await WellAsync("grant", "show", "bot"), StringComparison.Ordinal);
        var wrong = await _cli.RunAsync("grant", "set", "bot");
        Assert.Contains("--description", wrong.Errors, StringComparison.Ordinal);
        Assert.Equal(2, wrong.ExitCode);
    }

    [Fact]
    public async Task Labels_grants_and_lists_those_that_a_selector_selects()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder.Path, "policy.json"), """{ "version": "1", "default": "allow" }""");
        await WellAsync("server", "add", "bank", _server.Url);
        await WellAsync("policy", "set", "open", "policy.json");
        await WellAsync(
            "grant", "create", "a", "--server", "bank=open", "--label", "team=support", "--label", "env=prod");
        await WellAsync("grant", "create", "b", "--server", "bank=open", "--label", "team=sales");
        await WellAsync("grant", "create", "c", "--server", "bank=open");

        Assert.Equal(["a"], await NamesAsync("team=support"));
        Assert.Equal(["b", "c"], await NamesAsync("env != prod"));
        Assert.Equal(["a", "b"], await NamesAsync("team in (support, sales)"));
        Assert.Equal(["c"], await NamesAsync("!team"));
        Assert.Matches(@"(?m)^labels +team=support, env=prod\r?$", await WellAsync("grant", "show", "a"));

        await WellAsync("grant", "set", "a", "--label", "team=sales", "--label", "env-", "--tools-as", "search");
        await WellAsync("grant", "set", "c", "--label", "env=prod");
        Assert.Matches(@"(?m)^labels +team=sales\r?$", await WellAsync("grant", "show", "a"));
        Assert.Equal(["a", "b"], await NamesAsync("team=sales"));
        Assert.Equal(["c"], await NamesAsync("env"));

        await NotWellAsync("--label \"env\" is incomplete; write --label KEY=VALUE, or KEY- to remove one.",
            "grant", "set", "a", "--label", "env");
        await NotWellAsync("\"x y\" is not a valid value of a label; write at most 63 letters",
            "grant", "set", "a", "--label", "env=x y");
        await NotWellAsync("\"selector\" cannot be read at character 6: \"sales\" is not an operator; write key, !key",
            "grant", "list", "--selector", "team sales");
        await NotWellAsync("--selector is empty", "grant", "list", "--selector", "");

        async Task<string[]> NamesAsync(string selector)
        {
            var rows = await WellAsync("grant", "list", "--selector", selector, "--output", "csv");
            return [.. rows.Trim().Split('\n').Skip(1).Select(static row => row.Split(',')[0])];
        }

        async Task NotWellAsync(string said, params string[] arguments)
        {
            var run = await _cli.RunAsync(arguments);
            Assert.Contains(said, run.Errors, StringComparison.Ordinal);
            Assert.Equal(2, run.ExitCode);
        }
    }

    [Fact]
    public async Task Begins_works_pauses_and_ends_at_a_word()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "policy.json"), """
            { "version": "1", "default": "deny",
              "tools": { "pay": { "limits": [ { "counter": "pays", "window": "month", "max": 2 } ] } } }
            """);
        await WellAsync("server", "add", "bank", _server.Url, "--header", "Authorization: Bearer upstream-secret");
        await WellAsync("policy", "set", "payer", "policy.json");
        var created = JsonNode.Parse(await WellAsync("grant", "create", "bot", "--server", "bank=payer", "--json"))!;
        using var agent = Agent((string)created["token"]!);

        Assert.Equal((200, false), await CallAsync(agent));
        Assert.Equal("Bearer upstream-secret", _server.Requests.Last().Headers["Authorization"]);
        Assert.Contains("2026-", await WellAsync("grant", "list"), StringComparison.Ordinal);

        await WellAsync("grant", "pause", "bot");
        Assert.Equal(403, (await CallAsync(agent)).Status);
        await WellAsync("grant", "resume", "bot");
        Assert.Equal((200, false), await CallAsync(agent));
        Assert.Equal((200, true), await CallAsync(agent));

        var counter = JsonNode.Parse(await WellAsync("counter", "list", "--json"))!.AsArray().Single()!;
        Assert.Equal("2", (string?)counter["used"]);
        await WellAsync("counter", "reset", (string)counter["key"]!);
        Assert.Equal((200, false), await CallAsync(agent));
        var refused = await WellAsync("audit", "query", "--outcome", "rate_limited");
        Assert.Contains("/tools/pay/limits/0", refused, StringComparison.Ordinal);

        using var reader = await OpenStreamAsync(agent);
        await WellAsync("grant", "revoke", "bot");
        Assert.Equal(401, (await CallAsync(agent)).Status);
        await Assert.ThrowsAnyAsync<Exception>(() => reader.ReadToEndAsync().WaitAsync(Soon.AtMost));
        await _serverAborted.Task.WaitAsync(Soon.AtMost);

        Assert.Equal(1, (await _cli.RunAsync("grant", "revoke", "bot")).ExitCode);
        await WellAsync("server", "remove", "bank");
        var changes = await WellAsync("audit", "tail", "--kind", "change");
        Assert.Contains("revoke grants/bot", changes, StringComparison.Ordinal);
    }

    private async Task<string> WellAsync(params string[] arguments)
    {
        var run = await _cli.RunAsync(arguments);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', arguments)}: {run.ExitCode} {run.Output} {run.Errors}");
        return run.Output;
    }

    private HttpClient Agent(string token) => new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = new Uri(_gateway.Address, "/mcp/bank"),
        DefaultRequestHeaders =
        {
            Authorization = new AuthenticationHeaderValue("Bearer", token),
            Accept = { new("application/json"), new("text/event-stream") },
        },
    };

    private static StringContent Body() => new(
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay"}}""",
        new MediaTypeHeaderValue("application/json"));

    private static async Task<(int Status, bool IsRefused)> CallAsync(HttpClient agent)
    {
        using var body = Body();
        using var response = await agent.PostAsync("", body);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Contains("Policy violation", StringComparison.Ordinal));
    }

    private async Task<StreamReader> OpenStreamAsync(HttpClient agent)
    {
        _server.Answer = async (http, _) =>
        {
            http.RequestAborted.Register(() => _serverAborted.TrySetResult());
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync("data: first\n\n");
            await http.Response.Body.FlushAsync();
            await _serverAborted.Task;
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "") { Content = Body() };
        var response = await agent.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("data: first", await reader.ReadLineAsync());
        return reader;
    }
}
