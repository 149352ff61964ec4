namespace Gateway.Server.Tests.Edge;

/// <summary>Servers that do not respond within the time that the operator gave them.</summary>
public sealed class TimeoutTests : IAsyncLifetime
{
    private const string Open = """
        { "version": "1", "default": "allow",
          "all_tools": { "limits": [ { "counter": "calls", "window": "month", "max": 100 } ] } }
        """;

    private RecordingServer _server = null!;

    public async Task InitializeAsync() => _server = await RecordingServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Call_without_a_response_ends_with_a_result_that_the_model_can_act_on_and_counts()
    {
        _server.Answer = static (http, _) => RecordingServer.UntilGoneAsync(http);
        await using var gateway = await StartAsync("""{ "callSeconds": 1 }""");

        var answer = await gateway.CallToolAsync("export");

        Assert.Equal(1, answer.GetProperty("id").GetInt32());
        var result = answer.GetProperty("result");
        Assert.True(result.GetProperty("isError").GetBoolean());
        Assert.Equal(
            "Timed out: the server srv did not respond to the call of export within 1 s, so the gateway stopped "
            + "waiting. The server may have executed it, and it counts against your limits. Check the result before "
            + "you repeat it. If the operation is always slow, use smaller steps.",
            result.GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal("timed out", await OutcomeAsync(gateway));
        Assert.Matches(
            "gateway_upstream_calls_total\\{[^}]*outcome=\"timed_out\"[^}]*\\} 1\\s",
            await gateway.Client.GetStringAsync(new Uri(gateway.Address, "/metrics")));
    }

    [Fact]
    public async Task Timeout_of_a_tool_is_that_tool_s_alone()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Answer = async (http, request) =>
        {
            if (request.Text.Contains("export", StringComparison.Ordinal))
                await RecordingServer.UntilGoneAsync(http);
            await release.Task;
            await RecordingServer.JsonAsync(
                http, """{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"done"}]}}""");
        };
        await using var gateway = await StartAsync("""{ "tools": { "export": 1 } }""");

        var other = gateway.CallToolAsync("report");
        var timed = await gateway.CallToolAsync("export");
        var isOtherOpen = !other.IsCompleted;
        release.SetResult();

        Assert.True(timed.GetProperty("result").GetProperty("isError").GetBoolean());
        Assert.True(isOtherOpen);
        Assert.Equal(
            "done", (await other).GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Request_that_is_no_call_ends_with_a_JSON_RPC_error()
    {
        _server.Answer = static (http, _) => RecordingServer.UntilGoneAsync(http);
        await using var gateway = await StartAsync("""{ "callSeconds": 1 }""");

        using var response = await gateway.PostAsync("""{"jsonrpc":"2.0","id":"p","method":"ping"}""");
        var error = JsonElement.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal(("p", -32603), (error.GetProperty("id").GetString(),
            error.GetProperty("error").GetProperty("code").GetInt32()));
        Assert.StartsWith("Timed out: the server srv did not respond to the request within 1 s",
            error.GetProperty("error").GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("notifications/progress")]
    [InlineData("notifications\\/progress")]
    public async Task Progress_extends_a_call_up_to_the_maximum_and_the_stream_ends_with_the_error(string method)
    {
        _server.Answer = async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (await tick.WaitForNextTickAsync(http.RequestAborted))
            {
                await http.Response.WriteAsync(
                    $$$"""data: {"jsonrpc":"2.0","method":"{{{method}}}","params":{"progressToken":1,"progress":1}}""" + "\n\n",
                    http.RequestAborted);
            }
        };
        // Far more progress than the timeout, so that only the maximum ends the call.
        await using var gateway = await StartAsync("""{ "callSeconds": 3, "maxSeconds": 4 }""");

        using var response = await gateway.PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"export","arguments":{}}}""");
        var events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.All(events[..^1], one => Assert.Contains("progressToken", one, StringComparison.Ordinal));
        Assert.StartsWith("data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":", events[^1]);
        Assert.Contains("within 4 s, although it reported progress", events[^1], StringComparison.Ordinal);
        Assert.Equal("timed out", await OutcomeAsync(gateway));
    }

    [Fact]
    public async Task Stream_that_says_nothing_more_after_its_response_ends_without_a_second_one()
    {
        _server.Answer = static async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(
                """data: {"jsonrpc":"2.0","id":1,"result":{"content":[]}}""" + "\n\n", http.RequestAborted);
            await RecordingServer.UntilGoneAsync(http);
        };
        await using var gateway = await StartAsync("""{ "callSeconds": 1 }""");

        using var response = await gateway.PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"export","arguments":{}}}""");

        Assert.Equal(
            """data: {"jsonrpc":"2.0","id":1,"result":{"content":[]}}""" + "\n\n",
            await response.Content.ReadAsStringAsync());
        Assert.Equal("completed", await OutcomeAsync(gateway));
    }

    [Fact]
    public async Task Server_of_a_session_is_notified_that_the_call_is_canceled()
    {
        var canceled = new TaskCompletionSource<RecordedRequest>(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Answer = async (http, request) =>
        {
            if (request.Text.Contains("\"initialize\"", StringComparison.Ordinal))
            {
                http.Response.Headers["Mcp-Session-Id"] = "s-1";
                await RecordingServer.JsonAsync(http, """
                    {"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"s","version":"1"}}}
                    """);
            }
            else if (request.Text.Contains("notifications/cancelled", StringComparison.Ordinal))
            {
                http.Response.StatusCode = StatusCodes.Status202Accepted;
                canceled.SetResult(request);
            }
            else
                await RecordingServer.UntilGoneAsync(http);
        };
        await using var gateway = await StartAsync("""{ "callSeconds": 1 }""");
        using var opened = await gateway.PostAsync("""
            {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}
            """);
        var session = opened.Headers.GetValues("Mcp-Session-Id").Single();

        using var response = await gateway.PostAsync(
            """{"jsonrpc":"2.0","id":"call-7","method":"tools/call","params":{"name":"export","arguments":{}}}""",
            request => request.Headers.Add("Mcp-Session-Id", session));
        var notified = await canceled.Task.WaitAsync(Soon.AtMost);

        Assert.Equal(
            """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"call-7","reason":"timed out"}}""",
            notified.Text);
        Assert.Equal("s-1", notified.Headers["Mcp-Session-Id"]);
    }

    private static async Task<string?> OutcomeAsync(TestGateway gateway) =>
        (await gateway.OutcomeAsync()).GetProperty("ended").GetString();

    private Task<TestGateway> StartAsync(string timeouts) => TestGateway.StartAsync(
        $"{_server.Url}\", \"timeouts\": {timeouts}, \"host\": \"srv.example.com", Open,
        drainTime: TimeSpan.FromSeconds(2));
}
