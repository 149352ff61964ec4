namespace Gateway.Server.Tests.Admin;

/// <summary>The switches that stop calls, by the command line, on what the configuration file provisions.</summary>
public sealed class PauseTests : IAsyncLifetime, IDisposable
{
    private const string AdminKey = "admin-key-of-this-test";
    private const string AllowAll = """{ "version": "1", "default": "allow" }""";
    private const string Opening = """
        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},
        "clientInfo":{"name":"c","version":"1"}}}
        """;

    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private readonly TestFolder _folder = new("gateway-pause-");
    private RecordingServer _server = null!;
    private GatewayProcess _gateway = null!;

    private string Data => Path.Combine(_folder.Path, "data");

    private Cli Shell => new(_folder.Path, _gateway.Address, AdminKey);

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _gateway = await GatewayProcess.StartAsync(WriteConfig(AllowAll), Data);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pauses_a_grant_of_the_file_over_a_restart_and_a_reload()
    {
        Assert.Equal(200, await CallAsync(TestTokens.Agent));

        await WellAsync("grant", "pause", "agent");

        Assert.Equal(403, await CallAsync(TestTokens.Agent));
        Assert.Equal(200, await CallAsync(TestTokens.Other));
        Assert.Contains("paused", Row(await WellAsync("grant", "list"), "agent"), StringComparison.Ordinal);
        Assert.Contains("paused by", await WellAsync("grant", "show", "agent"), StringComparison.Ordinal);

        await RestartAsync();
        Assert.Equal(403, await CallAsync(TestTokens.Agent));
        await _gateway.SaysAsync("is active");
        var loads = Loads();
        WriteConfig("""{ "version": "1", "default": "allow", "hide": ["x"] }""");
        await Soon.UntilAsync(() => Loads() > loads, "the edit is in force");
        Assert.Equal(403, await CallAsync(TestTokens.Agent));

        await WellAsync("grant", "resume", "agent");
        Assert.Equal(200, await CallAsync(TestTokens.Agent));
    }

    [Fact]
    public async Task Pauses_a_server_of_the_file_and_says_so()
    {
        Assert.Contains("srv is paused", await WellAsync("server", "pause", "srv"), StringComparison.Ordinal);

        Assert.Equal(403, await CallAsync(TestTokens.Agent));
        Assert.Equal(403, await CallAsync(TestTokens.Other));
        Assert.Contains("paused", Row(await WellAsync("server", "list"), "srv"), StringComparison.Ordinal);
        Assert.Contains("paused since 20", await WellAsync("server", "show", "srv"), StringComparison.Ordinal);
        var grant = JsonNode.Parse(await WellAsync("grant", "show", "agent", "--json"))!;
        Assert.Equal("server srv", (string?)grant["pausedBy"]!.AsArray().Single());
        Assert.Empty(_server.Requests);

        await RestartAsync();
        Assert.Equal(403, await CallAsync(TestTokens.Agent));
        await WellAsync("server", "resume", "srv");
        Assert.Equal(200, await CallAsync(TestTokens.Agent));
    }

    [Fact]
    public async Task Stops_every_call_at_once_and_leaves_single_pauses_standing()
    {
        await WellAsync("grant", "pause", "other");
        await WellAsync("pause", "--all");
        await WellAsync("pause", "--all");

        Assert.Equal(403, await CallAsync(TestTokens.Agent));
        // A deliberate pause must not make a load balancer or Kubernetes take the gateway out of service.
        Assert.Equal("ready", (await WellAsync("ready")).Trim());
        Assert.Contains("paused", Row(await WellAsync("grant", "list"), "agent"), StringComparison.Ordinal);
        await RestartAsync();
        Assert.Equal(403, await CallAsync(TestTokens.Agent));

        Assert.Contains("grant other", await WellAsync("resume", "--all"), StringComparison.Ordinal);

        Assert.Equal(200, await CallAsync(TestTokens.Agent));
        Assert.Equal(403, await CallAsync(TestTokens.Other));
        var changes = await WellAsync("audit", "tail", "--kind", "change");
        Assert.Contains("pause pauses/gateway", changes, StringComparison.Ordinal);
        Assert.Contains("resume pauses/gateway", changes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resumes_at_the_end_of_a_pause_and_records_it()
    {
        await WellAsync("grant", "create", "short", "--server", "srv=policy");
        await WellAsync("grant", "pause", "short", "--reason", "a test", "--until", "1d");
        Assert.Contains(": a test", await WellAsync("grant", "show", "short"), StringComparison.Ordinal);
        await WellAsync("grant", "resume", "short");
        Assert.Contains("active", Row(await WellAsync("grant", "list"), "short"), StringComparison.Ordinal);

        await WellAsync("server", "pause", "srv", "--until", "1d");
        await WellAsync("server", "pause", "srv", "--reason", "upgrade", "--until", "2s");
        using var client = _gateway.Client();
        using var refused = await client.PostAsync("", Body());
        Assert.Contains("It resumes at 20", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("upgrade", await WellAsync("server", "show", "srv"), StringComparison.Ordinal);

        await _gateway.SaysAsync("The pause of servers/srv has reached its end");
        Assert.Equal(200, await CallAsync(TestTokens.Agent));
        var history = await WellAsync("history", "--output", "json");
        Assert.Contains("(end of the pause)", history, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("The gateway is paused and refuses every call: leak", "pause", "--all")]
    [InlineData("The grant agent is paused: leak", "grant", "pause", "agent")]
    [InlineData("The server srv is paused: leak", "server", "pause", "srv")]
    public async Task Refused_calls_and_sessions_are_recorded_with_the_pause_and_its_reason(
        string reason, params string[] verb)
    {
        await WellAsync([.. verb, "--reason", "leak"]);

        Assert.Equal(403, await CallAsync(TestTokens.Agent));
        Assert.Equal(403, await CallAsync(TestTokens.Agent, HttpMethod.Get));
        using (var client = _gateway.Client())
        using (var opening = await client.PostAsync("", new StringContent(Opening, Json)))
            Assert.DoesNotContain("leak", await opening.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var found = (await WellAsync("audit", "query", "--rule", "(paused)", "--json"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonNode.Parse(line)!).ToList();
        Assert.All(found, one => Assert.Equal(
            ("decision", "denied", "agent", "srv", reason),
            ((string?)one["kind"], (string?)one["outcome"], (string?)one["grant"], (string?)one["server"],
                (string?)one["reason"])));
        Assert.Equal(
            [("", null), ("initialize", null), ("tools/call", "t")],
            found.Select(static one => ((string?)one["method"], (string?)one["tool"])).Order());
        Assert.Empty(_server.Requests);
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("2020-01-01")]
    [InlineData("soon")]
    public async Task Refuses_an_end_that_is_no_time_in_the_future(string until)
    {
        var run = await Shell.RunAsync("pause", "--all", "--until", until);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("\"until\" ", run.Errors, StringComparison.Ordinal);
        Assert.Equal(200, await CallAsync(TestTokens.Agent));
    }

    [Fact]
    public async Task Closes_what_is_open_the_moment_that_everything_is_paused()
    {
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Answer = async (http, _) =>
        {
            http.RequestAborted.Register(() => aborted.TrySetResult());
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync("data: first\n\n");
            await http.Response.Body.FlushAsync();
            await aborted.Task;
        };
        using var client = _gateway.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "") { Content = Body() };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("data: first", await reader.ReadLineAsync());

        await WellAsync("pause", "--all");

        await Assert.ThrowsAnyAsync<Exception>(() => reader.ReadToEndAsync().WaitAsync(Soon.AtMost));
        await aborted.Task.WaitAsync(Soon.AtMost);
    }

    [Theory]
    [InlineData(2, "--all", "pause")]
    [InlineData(2, "--all", "resume")]
    [InlineData(1, "nobody", "grant", "pause", "nobody")]
    [InlineData(1, "nowhere", "server", "pause", "nowhere")]
    [InlineData(1, "nowhere", "server", "resume", "nowhere")]
    public async Task Refuses_what_is_not_there_and_pauses_nothing(int exitCode, string said, params string[] verb)
    {
        var run = await Shell.RunAsync(verb);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.Equal(200, await CallAsync(TestTokens.Agent));
    }

    private async Task RestartAsync()
    {
        await _gateway.KillAsync();
        await _gateway.DisposeAsync();
        _gateway = await GatewayProcess.StartAsync(Path.Combine(_folder.Path, "gateway.json"), Data);
    }

    private string WriteConfig(string policy) => TestConfig.Write(
        _folder.Path, _server.Url, policy, $$""", "admin": { "key": "{{AdminKey}}" }""");

    private int Loads() => _gateway.Errors.Split("is active").Length;

    private static string Row(string table, string name) =>
        table.Split('\n').Single(line => line.StartsWith(name + " ", StringComparison.Ordinal));

    private static StringContent Body() => new(
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t"}}""",
        new MediaTypeHeaderValue("application/json"));

    private async Task<int> CallAsync(string token, HttpMethod? method = null)
    {
        using var client = _gateway.Client(token);
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, "");
        request.Content = method is null ? Body() : null;
        using var response = await client.SendAsync(request);
        return (int)response.StatusCode;
    }

    private async Task<string> WellAsync(params string[] arguments)
    {
        var run = await Shell.RunAsync(arguments);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', arguments)}: {run.ExitCode} {run.Output} {run.Errors}");
        return run.Output;
    }
}
