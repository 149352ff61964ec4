namespace Gateway.Server.Tests.Edge;

/// <summary>A policed call from end to end, over real sockets.</summary>
public sealed class FirstLightTests : IAsyncLifetime
{
    private const string Policy = """
        {
          "version": "1", "default": "deny", "hide": ["secret_*"],
          "tools": {
            "resend_otp": { "limits": [ { "counter": "otp", "window": "month", "max": 10 } ] },
            "never": { "action": "deny", "reason": "Only a person does this." },
            "read_*": {}
          }
        }
        """;

    private RecordingServer _server = null!;
    private TestGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _gateway = await TestGateway.StartAsync(_server, Policy);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Passes_an_allowed_call_byte_for_byte()
    {
        var body = """{ "params" : {"arguments":{"b":1.0,"a":"\u0041"},"name":"read_x","future":[1]}, "method":"tools/call","id": 1.0 ,"jsonrpc":"2.0"}""";

        using var response = await _gateway.PostAsync(body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("\"id\":1.0", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(body, Assert.Single(_server.Requests).Text);
    }

    [Fact]
    public async Task Refuses_the_eleventh_call_with_the_reason_in_the_models_hands()
    {
        for (var i = 0; i < 10; i++)
            Assert.False((await _gateway.CallToolAsync("resend_otp")).GetProperty("result").TryGetProperty("isError",
                out _));

        var result = (await _gateway.CallToolAsync("resend_otp", id: "\"eleven\"")).GetProperty("result");

        Assert.Equal(10, _server.Requests.Count);
        Assert.True(result.GetProperty("isError").GetBoolean());
        var text = result.GetProperty("content")[0].GetProperty("text").GetString();
        Assert.StartsWith("Policy violation: ", text, StringComparison.Ordinal);
        Assert.Matches(@"Try again in \d+ s\.$", text);
        var decision = result.GetProperty("_meta").GetProperty("policy-gateway/decision");
        Assert.Equal("rate_limited", decision.GetProperty("outcome").GetString());
        Assert.Equal("/tools/resend_otp/limits/0", decision.GetProperty("rule").GetString());
        var limit = decision.GetProperty("limit");
        Assert.Equal("otp", limit.GetProperty("counter").GetString());
        Assert.Equal("month", limit.GetProperty("window").GetString());
        Assert.Equal(10, limit.GetProperty("max").GetInt32());
        Assert.Equal(10, limit.GetProperty("used").GetInt32());
        Assert.Equal(0, limit.GetProperty("remaining").GetInt32());
        Assert.True(limit.GetProperty("retryAfterMs").GetInt64() > 0);
        Assert.True(limit.GetProperty("resetAt").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);
    }

    [Theory]
    [InlineData("never", "/tools/never/action", "Only a person does this.")]
    [InlineData("secret_tool", "(hidden)", "")]
    [InlineData("unknown", "(default deny)", "")]
    public async Task Denies_with_rule_and_reason(string tool, string rule, string reason)
    {
        var result = (await _gateway.CallToolAsync(tool)).GetProperty("result");

        Assert.Empty(_server.Requests);
        Assert.True(result.GetProperty("isError").GetBoolean());
        Assert.Contains(reason, result.GetProperty("content")[0].GetProperty("text").GetString(),
            StringComparison.Ordinal);
        var decision = result.GetProperty("_meta").GetProperty("policy-gateway/decision");
        Assert.Equal("denied", decision.GetProperty("outcome").GetString());
        Assert.Equal(rule, decision.GetProperty("rule").GetString());
        Assert.False(decision.TryGetProperty("limit", out _));
    }

    [Fact]
    public async Task Sends_the_servers_credential_and_never_the_grants_token()
    {
        await _gateway.CallToolAsync("read_x");

        var headers = Assert.Single(_server.Requests).Headers;
        Assert.Equal("Bearer upstream-secret", headers["Authorization"]);
        Assert.DoesNotContain(headers.Values, v => v.Contains(TestTokens.Agent, StringComparison.Ordinal));
        Assert.Matches("^[0-9a-f]{32}$", headers["Policy-Gateway-Call"]);
    }

    [Fact]
    public async Task States_the_limit_in_response_fields()
    {
        using var response = await _gateway.PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"resend_otp"}}""");

        Assert.Equal("\"otp\";q=10", response.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Matches("^\"otp\";r=9;t=[0-9]+$", response.Headers.GetValues("RateLimit").Single());
    }

    [Fact]
    public async Task Answers_a_denied_method_that_is_no_tool_with_a_json_rpc_error()
    {
        using var response = await _gateway.PostAsync(
            """{"jsonrpc":"2.0","id":7,"method":"resources/read","params":{"uri":"file:///etc/passwd"}}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        Assert.Equal(-31001, error.GetProperty("code").GetInt32());
        Assert.Equal("denied", error.GetProperty("data").GetProperty("outcome").GetString());
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Never_serves_the_list_of_tasks()
    {
        using var response = await _gateway.PostAsync("""{"jsonrpc":"2.0","id":7,"method":"tasks/list"}""");

        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        Assert.Equal(-32601, error.GetProperty("code").GetInt32());
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Lets_sixty_four_callers_share_a_thousand_to_the_last_one()
    {
        await using var gateway = await TestGateway.StartAsync(_server, """
            { "version": "1", "default": "deny", "tools": { "hot": { "limits": [ { "counter": "hot", "window": "month", "max": 1000 } ] } } }
            """);
        var admitted = 0;
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                var result = (await gateway.CallToolAsync("hot")).GetProperty("result");
                if (!result.TryGetProperty("isError", out var isError) || !isError.GetBoolean())
                    Interlocked.Increment(ref admitted);
            }
        })));

        Assert.Equal(1000, admitted);
        Assert.Equal(1000, _server.Requests.Count);
        Assert.Equal(1000, _server.Requests.Select(r => r.Headers["Policy-Gateway-Call"]).Distinct().Count());
    }
}
