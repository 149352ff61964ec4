namespace Gateway.Server.Tests.RetryTokens;

/// <summary>Retries that bring the input a server asked for: the same call, counted and approved once.</summary>
public sealed class RetryTokenTests : IAsyncLifetime
{
    private const string Meta = """
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}
        """;

    private const string Input = """ "inputResponses":{"who":{"action":"accept"}} """;
    private const string State = """ "requestState":"st\u0061te-1", "inputResponses":{} """;

    private const string Policy = """
        { "version": "1", "default": "deny", "tools": {
          "pay": { "limits": [ { "counter": "pays", "window": "month", "max": 1 } ] } } }
        """;

    private const string Needs = "\"resultType\":\"input_required\",\"inputRequests\":{}";
    private RecordingServer _server = null!;
    private TestGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _gateway = await TestGateway.StartAsync(_server, Policy);
        Answers(Needs + ",\"requestState\":\"state-1\"");
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Counts_a_call_and_its_retry_once_and_the_next_retry_again(bool isEvents)
    {
        Answers(Needs + ",\"requestState\":\"state-1\"", isEvents);
        Assert.True(await ReachesAsync());
        Answers("\"resultType\":\"complete\",\"content\":[]");

        Assert.True(await ReachesAsync(State));

        Assert.False(await ReachesAsync(State));
        Assert.False(await ReachesAsync());
    }

    [Fact]
    public async Task Knows_a_retry_by_its_input_where_the_server_gave_no_state()
    {
        Answers(Needs);
        await ReachesAsync();

        Assert.False(await ReachesAsync());
        Assert.False(await ReachesAsync(State));
        Assert.True(await ReachesAsync(Input));
    }

    [Theory]
    [InlineData("", 3)]
    [InlineData("\"rounds\": 0,", 0)]
    [InlineData("\"rounds\": 1,", 1)]
    [InlineData("\"rounds\": 16,", 16)]
    public async Task Lets_so_many_retries_go_free_however_often_the_server_asks(string rounds, int free)
    {
        await using var gateway = await TestGateway.StartAsync(_server, Policy.Replace(
            "\"pay\": {", $"\"pay\": {{ {rounds}", StringComparison.Ordinal));
        Assert.True(await ReachesAsync(gateway: gateway));

        var reached = 0;
        for (var i = 0; i < 20; i++)
        {
            var input = $"{State[..^3]}{{\"guess\":{{\"action\":\"accept\",\"content\":{{\"pin\":{i}}}}}}}";
            reached += await ReachesAsync(input, gateway: gateway) ? 1 : 0;
        }

        Assert.Equal(free, reached);
        Assert.Equal(free + 1, _server.Requests.Count);
    }

    [Fact]
    public async Task Counts_the_retry_after_the_last_free_one_as_a_new_call()
    {
        await using var gateway = await TestGateway.StartAsync(_server, Policy.Replace(
            "\"max\": 1", "\"max\": 3", StringComparison.Ordinal));
        Assert.True(await ReachesAsync(gateway: gateway));
        var reached = 0;

        for (var i = 0; i < 30; i++)
            reached += await ReachesAsync(State, gateway: gateway) ? 1 : 0;

        // Three calls that count, the first included, and three retries of each.
        Assert.Equal(11, reached);
        await gateway.DisposeHostAsync();
        var retries = gateway.AuditRecords()
            .Where(static record => record.GetProperty("kind").GetString() == "decision")
            .Select(static record => record.TryGetProperty("retry", out _) ? 'r'
                : record.TryGetProperty("reason", out _) ? 'x' : 'c');
        Assert.StartsWith("crrrcrrrcrrrx", string.Concat(retries), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redeems_the_retry_token_of_the_highest_round_first()
    {
        await using var gateway = await TestGateway.StartAsync(_server, Policy.Replace(
            "\"max\": 1", "\"max\": 2", StringComparison.Ordinal));
        Assert.True(await ReachesAsync(gateway: gateway));
        Assert.True(await ReachesAsync(State, gateway: gateway));
        Assert.True(await ReachesAsync(State, gateway: gateway));
        Assert.True(await ReachesAsync(gateway: gateway));

        // The answer to the chain that has gone two rounds is its last: what is left is the fresh one.
        Answers("\"content\":[]");
        Assert.True(await ReachesAsync(State, gateway: gateway));
        Answers(Needs + ",\"requestState\":\"state-1\"");
        for (var i = 0; i < 3; i++)
            Assert.True(await ReachesAsync(State, gateway: gateway));
        Assert.False(await ReachesAsync(State, gateway: gateway));
    }

    [Fact]
    public async Task Takes_no_other_call_for_the_retry()
    {
        await ReachesAsync();

        Assert.False(await ReachesAsync(Input));
        Assert.False(await ReachesAsync(State.Replace("-1", "-2", StringComparison.Ordinal)));
        Assert.False(await ReachesAsync(State, arguments: """{"to":"b"}"""));
        Assert.True(await ReachesAsync(token: TestTokens.Other));
        Assert.True(await ReachesAsync(State));
    }

    [Fact]
    public async Task Every_counted_call_gets_a_retry_token_for_one_retry()
    {
        await using var gateway = await TestGateway.StartAsync(_server, Policy.Replace(
            "\"max\": 1", "\"max\": 5", StringComparison.Ordinal));
        for (var i = 0; i < 5; i++)
            Assert.True(await ReachesAsync(gateway: gateway));
        Answers("\"content\":[]");
        var before = _server.Requests.Count;

        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => ReachesAsync(State, gateway: gateway)));

        Assert.Equal(5, _server.Requests.Count - before);
    }

    [Fact]
    public async Task Keeps_a_retry_token_across_a_restart_and_for_ten_minutes()
    {
        var time = new JumpingTime(new DateTimeOffset(2027, 1, 15, 12, 0, 0, TimeSpan.Zero));
        var first = await TestGateway.StartAsync(_server.Url, Policy, time: time);
        await ReachesAsync(gateway: first);
        await first.DisposeHostAsync();
        await using var second = await TestGateway.StartAsync(_server.Url, Policy, time: time, after: first);
        time.Jump(TimeSpan.FromMinutes(9));

        Assert.True(await ReachesAsync(State, gateway: second));

        time.Jump(TimeSpan.FromMinutes(11));
        Assert.False(await ReachesAsync(State, gateway: second));
    }

    [Fact]
    public async Task Counts_every_retry_of_a_client_of_an_older_revision()
    {
        await ReachesAsync();

        using var response = await _gateway.PostAsync(
            $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay","arguments":{},{{{State}}} } }""");

        Assert.Contains("rate_limited", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Skips_nothing_but_limits_and_approval()
    {
        await ReachesAsync();
        var path = _gateway.ConfigPath;
        var denied = (await File.ReadAllTextAsync(path)).Replace(
            "\"pay\": {", "\"pay\": { \"action\": \"deny\",", StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, denied);
        Assert.True(await _gateway.Host.ReloadAsync(CancellationToken.None));

        Assert.False(await ReachesAsync(State));
    }

    [Fact]
    public async Task Asks_no_person_twice_for_one_call()
    {
        const string AdminKey = "operator-key-0123456789";
        await using var gateway = await TestGateway.StartAsync(_server.Url, """
            { "version": "1", "default": "deny", "tools": {
              "pay": { "action": "approve", "approval": { "wait": "0s" } } } }
            """, $$""", "admin": { "key": "{{AdminKey}}" }""");
        await ReachesAsync(gateway: gateway);
        using var api = new HttpClient { BaseAddress = new Uri(gateway.Address, "/api/v1/") };
        api.DefaultRequestHeaders.Authorization = new("Bearer", AdminKey);
        using var open = JsonDocument.Parse(await api.GetStringAsync(new Uri("approvals", UriKind.Relative)));
        var id = open.RootElement.GetProperty("items")[0].GetProperty("id").GetString();
        using var body = new StringContent("{}", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        using var approved = await api.PostAsync(new Uri($"approvals/{id}/approve", UriKind.Relative), body);

        Assert.True(await ReachesAsync(gateway: gateway));
        for (var i = 0; i < 3; i++)
            Assert.True(await ReachesAsync(State, gateway: gateway));
        Assert.False(await ReachesAsync(State, gateway: gateway));
        Assert.False(await ReachesAsync(gateway: gateway));
    }

    [Fact]
    public async Task Returns_the_retry_token_when_no_byte_reached_the_server_and_records_the_retry()
    {
        await ReachesAsync();
        await ReachesAsync(State);
        await _server.StopAsync();
        Assert.Equal(502, await StatusAsync(State));
        Assert.Equal(502, await StatusAsync(State));
        await _gateway.DisposeHostAsync();

        var decisions = _gateway.AuditRecords()
            .Where(record => record.GetProperty("kind").GetString() == "decision").ToList();

        Assert.False(decisions[0].TryGetProperty("retry", out _));
        Assert.All(decisions.Skip(1), decision =>
        {
            Assert.True(decision.GetProperty("retry").GetBoolean());
            Assert.Empty(decision.GetProperty("counters").EnumerateArray());
        });
    }

    private void Answers(string result, bool isEvents = false) => _server.Answer = (http, _) =>
    {
        var message = $$$"""{"jsonrpc":"2.0","id":1,"result":{ {{{result}}} } }""";
        if (!isEvents)
            return RecordingServer.JsonAsync(http, message);
        http.Response.ContentType = "text/event-stream";
        return http.Response.WriteAsync($"data: {message}\n\n");
    };

    /// <summary>Calls, or retries, and says whether it reached the server.</summary>
    private async Task<bool> ReachesAsync(
        string more = "", string arguments = """{"to":"a"}""", string token = TestTokens.Agent,
        TestGateway? gateway = null)
    {
        using var response = await PostAsync(more, arguments, token, gateway ?? _gateway);
        return !(await response.Content.ReadAsStringAsync()).Contains("Policy violation", StringComparison.Ordinal);
    }

    private async Task<int> StatusAsync(string more)
    {
        using var response = await PostAsync(more, """{"to":"a"}""", TestTokens.Agent, _gateway);
        return (int)response.StatusCode;
    }

    private static Task<HttpResponseMessage> PostAsync(
        string more, string arguments, string token, TestGateway gateway)
    {
        var comma = more.Length > 0 ? "," : "";
        var body = $$$"""
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay","arguments":{{{arguments}}},{{{Meta}}}{{{comma}}}{{{more}}} } }
            """;
        return gateway.PostAsync(body, request =>
        {
            request.Headers.Authorization = new("Bearer", token);
            request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
            request.Headers.Add("Mcp-Method", "tools/call");
            request.Headers.Add("Mcp-Name", "pay");
        });
    }
}
