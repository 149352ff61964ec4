using Code = Gateway.EnvoyRls.Protocol.RateLimitResponse.Types.Code;

namespace Gateway.EnvoyRls.Tests.Serving;

/// <summary>One budget that an agent's calls and a proxy's requests are charged to, at a running gateway.</summary>
public sealed class SharedBudgetTests : IAsyncLifetime, IDisposable
{
    private readonly LimitService _service = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private RecordingServer _server = null!;

    private string Config => Path.Combine(_service.Folder.Path, "gateway.json");

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        Write(max: 3);
        _service.WriteRules("""
            domain: shop
            descriptors:
              - { key: user, rate_limit: { budget: shared } }
            """);
        await _service.StartAsync(_service.Settings, options => options with { ConfigFile = new() { Path = Config } });
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _server.DisposeAsync();
    }

    public void Dispose()
    {
        _client.Dispose();
        _service.Dispose();
    }

    [Fact]
    public async Task All_who_share_it_get_no_more_than_it_has()
    {
        Assert.Equal("allowed", await CallAsync());
        Assert.Equal(Code.Ok, (await _service.AnswerAsync(LimitService.User("a"))).OverallCode);
        Assert.Equal("allowed", await CallAsync());

        Assert.Equal("rate_limited", await CallAsync());
        Assert.Equal(Code.OverLimit, (await _service.AnswerAsync(LimitService.User("b"))).OverallCode);
        Assert.Equal(2, _server.Requests.Count);

        // A change of the file is in force without a start, and what was counted goes on.
        Write(max: 4);
        await Soon.UntilAsync(async () => await CallAsync() == "allowed", "there is one more");
        Assert.Equal(3, _server.Requests.Count);
        Assert.Equal(Code.OverLimit, (await _service.AnswerAsync(LimitService.User("b"))).OverallCode);
    }

    [Fact]
    public async Task Without_leave_the_file_is_refused_and_what_was_stays_in_force()
    {
        Write(max: 100, grants: "somebody-else");
        Assert.Equal("allowed", await CallAsync());
        var problems = Gateway.Control.ConfigFile.ConfigLoader.Load(Config, static _ => null).Problems;
        Assert.Contains("does not name the grant agent", Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    private void Write(int max, string grants = "agent") => File.WriteAllText(Config, $$"""
        {
          "budgets": { "shared": { "window": "365d", "max": {{max}}, "grants": ["{{grants}}"], "domains": ["shop"] } },
          "servers": { "srv": { "url": "{{_server.Url}}" } },
          "policies": {
            "p": { "version": "1", "default": "deny", "tools": { "send": { "budgets": ["shared"] } } }
          },
          "grants": { "agent": { "server": "srv", "policy": "p", "token": "{{TestTokens.Agent}}" } }
        }
        """);

    /// <summary>What became of a call: <c>allowed</c>, or the outcome that its result tells.</summary>
    private async Task<string> CallAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_service.Agents, "/mcp/srv"))
        {
            Content = new StringContent(
                """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"send","arguments":{}}}""",
                new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.Agent);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        using var response = await _client.SendAsync(request);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        return (string?)answer["result"]?["_meta"]?["policy-gateway/decision"]?["outcome"] ?? "allowed";
    }
}
