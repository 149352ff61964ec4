using ModelContextProtocol;

namespace Gateway.Server.Tests.Edge;

/// <summary>Servers whose response to a call can never come: the client hears so at once.</summary>
public sealed class NoResponseTests : IAsyncLifetime, IDisposable
{
    private const string Events = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
    private const string Chunked =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    private const string Own = """{"jsonrpc":"2.0","id":1,"result":{"content":[]}}""";
    private const string Other = """{"jsonrpc":"2.0","id":2,"result":{"content":[]}}""";
    private const string Progress = """{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}}""";
    private const string AnotherResponse = "with a response to another request, or with none";
    private const string Ended = "ended its event stream before the response";
    private const string BrokenOff = "broke off its event stream before the response";
    private const string Policy = """
        { "version": "1", "default": "allow",
          "tools": { "pay": { "limits": [ { "counter": "c", "window": "month", "max": 5, "refund_on_error": true } ] } } }
        """;

    private const string JsonRpcError = """{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}} """;
    private const string Wrote = "It wrote: \"Login Please sign in\"";
    private const string Html =
        "<html><head><style>p{}</style><title>Login</title></head><body><p>Please sign in</p></body></html>";

    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(2));
    private string _answer = "";
    private RawServer _server = null!;
    private TestGateway _gateway = null!;

    public static TheoryData<string, string> Answers => new()
    {
        { "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", "returned HTTP 202 without a body" },
        { "HTTP/1.1 204 No Content\r\n\r\n", "returned HTTP 204 without a body" },
        { "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "returned HTTP 200 without a body" },
        { Body("application/json", ""), "returned HTTP 200 without a body" },
        { Body("application/json", "   "), AnotherResponse },
        { Body("application/json", "{\"jsonrpc\":\"2.0\",\"id\":1,\"resu"), AnotherResponse },
        { Body("application/json", Other), AnotherResponse },
        { Body("text/html", Html), "returned HTTP 200 with text/html instead of the response to this request" },
        { Body("application/json", Html), "The server wrote: \"Login Please sign in\"" },
        { Body("application/json", "{\"json").Replace("Length: 6", "Length: 500"), "broke off its response" },
        { Events, Ended },
        { Events + $"data: {Other}\n\n", Ended },
        { Events + $"data: {Progress}\n\ndata: {{\"jsonrpc\":\"2.0\",\"id\":1,\"resu", Ended },
        { Events + $"id: 1\ndata: {Progress}\n\n", Ended },
        { Chunked + Chunk($"data: {Progress}\n\n"), BrokenOff },
        { Chunked + Chunk("data: {\"jsonrpc\":"), BrokenOff },
    };

    public async Task InitializeAsync()
    {
        _server = new RawServer(async (_, stream) => await stream.WriteAsync(Encoding.UTF8.GetBytes(_answer)));
        _gateway = await TestGateway.StartAsync(_server.Url, Policy);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    public void Dispose() => _deadline.Dispose();

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Call_whose_response_cannot_come_ends_with_an_error_for_its_id(string answer, string what)
    {
        _answer = answer;

        using var response = await _gateway.PostAsync(Call());
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var error = Error(text);
        Assert.Equal(-32603, error.GetProperty("code").GetInt32());
        Assert.Contains(what, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("The call may have been executed", error.GetProperty("message").GetString());
        Assert.DoesNotContain("<", error.GetProperty("message").GetString());
        await RecordedAsync();
        await AssertFailingAsync();
    }

    [Fact]
    public async Task Connection_that_closes_before_the_head_is_recorded_as_no_response()
    {
        _answer = "";

        using var response = await _gateway.PostAsync(Call());

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains("may have been executed", Error(await response.Content.ReadAsStringAsync()).GetRawText());
        await RecordedAsync();
        Assert.Contains("gateway_upstream_calls_total{", await MetricsAsync());
    }

    [Fact]
    public async Task Call_that_was_never_sent_is_not_reported_as_executed()
    {
        await using var gateway = await TestGateway.StartAsync(
            new Uri($"http://127.0.0.1:{Ports.Free()}/mcp"), Policy);

        using var response = await gateway.PostAsync(Call());

        var text = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("executed", text, StringComparison.Ordinal);
        Assert.Contains("did not reach the server and was not counted", text, StringComparison.Ordinal);
        var outcome = await gateway.OutcomeAsync();
        Assert.Equal("released", outcome.GetProperty("counted").GetString());
        Assert.Equal("upstream Connect", outcome.GetProperty("ended").GetString());
    }

    [Fact]
    public async Task Response_as_the_last_event_without_a_blank_line_passes_as_it_came()
    {
        _answer = Events + "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}";

        using var response = await _gateway.PostAsync(Call());

        Assert.Equal("data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", await response.Content.ReadAsStringAsync());
        Assert.Equal("completed", (await _gateway.OutcomeAsync()).GetProperty("ended").GetString());
    }

    [Theory]
    [InlineData(500, "text/html", Html, "application/json", Wrote)]
    [InlineData(503, "application/json", "{\"message\":\"down\"}", "application/json", "responded with HTTP 503")]
    [InlineData(503, "", "", "application/json", "responded with HTTP 503")]
    [InlineData(404, "text/html", Html, "text/plain; charset=utf-8", Wrote)]
    [InlineData(500, "application/json", JsonRpcError, "application/json", null)]
    [InlineData(400, "application/json", "{ \"error\": \"unknown version\" }", "application/json", null)]
    [InlineData(405, "application/json", "no JSON", "application/json", null)]
    public async Task Error_page_becomes_a_sentence_and_JSON_RPC_passes_byte_for_byte(
        int status, string type, string body, string passedType, string? passed)
    {
        _answer = Body(type, body).Replace("200 OK", $"{status} X", StringComparison.Ordinal);

        using var response = await _gateway.PostAsync(Call());
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(passedType, response.Content.Headers.ContentType?.ToString());
        if (passed is null)
            Assert.Equal(body, text);
        else
            Assert.Contains(passed, text.Replace("\\u0022", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("<", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, "it returned HTTP 500.")]
    [InlineData(503, "it returned HTTP 503.")]
    [InlineData(401, "The server \"srv\" refused (HTTP 401) the gateway's credential for it.")]
    [InlineData(302, "The server \"srv\" responded with a redirect (HTTP 302)")]
    [InlineData(400, null)]
    [InlineData(404, null)]
    public async Task Server_with_a_status_of_no_use_to_any_agent_is_failing_until_the_next_response(
        int status, string? fault)
    {
        _answer = Body("application/json", "{}").Replace("200 OK", $"{status} X", StringComparison.Ordinal);

        using var failed = await _gateway.PostAsync(Call());
        var health = await _gateway.ServerHealthAsync();
        _answer = Body("application/json", Own);
        using var succeeded = await _gateway.PostAsync(Call());

        Assert.Equal(fault is null ? "ok" : "failing", health.GetProperty("health").GetString());
        if (fault is not null)
            Assert.StartsWith(fault, health.GetProperty("fault").GetString(), StringComparison.Ordinal);
        Assert.Equal("ok", (await _gateway.ServerHealthAsync()).GetProperty("health").GetString());
    }

    [Theory]
    [InlineData("202")]
    [InlineData("html")]
    [InlineData("other")]
    [InlineData("stream")]
    public async Task Official_CSharp_client_hears_it_at_once(string how)
    {
        await using var server = await ServerAsync(how);
        await using var gateway = await TestGateway.StartAsync(server, Policy);
        await using var client = await McpClient.CreateAsync(
            new HttpClientTransport(new HttpClientTransportOptions
            {
                Endpoint = gateway.Endpoint,
                TransportMode = HttpTransportMode.StreamableHttp,
                AdditionalHeaders = new Dictionary<string, string>
                {
                    ["Authorization"] = $"Bearer {TestTokens.Agent}",
                },
            }),
            new McpClientOptions { ProtocolVersion = "2025-11-25" },
            cancellationToken: _deadline.Token);

        var error = await Assert.ThrowsAnyAsync<McpException>(
            () => client.CallToolAsync("pay", cancellationToken: _deadline.Token).AsTask());

        Assert.Contains("The call may have been executed", error.Message, StringComparison.Ordinal);
    }

    [NodeTheory]
    [InlineData("202")]
    [InlineData("html")]
    [InlineData("other")]
    [InlineData("stream")]
    public async Task Official_TypeScript_client_hears_it_at_once(string how)
    {
        await using var server = await ServerAsync(how);
        await using var gateway = await TestGateway.StartAsync(server, Policy);

        var seen = await SeenSession.RunAsync(
            SeenSession.LegacyClient, gateway.Endpoint, TestTokens.Agent, _deadline.Token, new ScriptedCall("pay", []));

        Assert.True(seen.Results[0].IsError);
        Assert.Contains("The call may have been executed", seen.Results[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_that_ended_after_an_event_id_may_be_resumed_and_records_the_response()
    {
        await using var server = await ServerAsync("resumable");
        await using var gateway = await TestGateway.StartAsync(server, Policy);
        using var opened = await gateway.PostAsync(
            """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""");
        var session = opened.Headers.GetValues("Mcp-Session-Id").Single();

        using var call = await gateway.PostAsync(Call(), request => request.Headers.Add("Mcp-Session-Id", session));
        Assert.Equal("id: e-1\nretry: 10\ndata: \n\n", await call.Content.ReadAsStringAsync());
        using var resume = new HttpRequestMessage(HttpMethod.Get, gateway.Endpoint);
        resume.Headers.Add("Mcp-Session-Id", session);
        resume.Headers.Add("Accept", "text/event-stream");
        resume.Headers.Add("Last-Event-ID", "e-1");
        using var resumed = await gateway.Client.SendAsync(resume);

        Assert.Contains("\"id\":1,\"result\"", await resumed.Content.ReadAsStringAsync());
        await Soon.UntilAsync(() => gateway.AuditRecords().Any(IsOutcomeOfCall), "the call is recorded");
        var outcome = gateway.AuditRecords().Single(IsOutcomeOfCall);
        Assert.Equal("completed", outcome.GetProperty("ended").GetString());
    }

    [Fact]
    public async Task Call_whose_stream_may_still_be_resumed_is_recorded_when_the_gateway_stops()
    {
        await using var server = await ServerAsync("resumable");
        await using var gateway = await TestGateway.StartAsync(server, Policy);
        using var opened = await gateway.PostAsync(
            """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""");
        var session = opened.Headers.GetValues("Mcp-Session-Id").Single();
        using var call = await gateway.PostAsync(Call(), request => request.Headers.Add("Mcp-Session-Id", session));
        Assert.StartsWith("id: e-1", await call.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(gateway.AuditRecords(), IsOutcomeOfCall);

        await gateway.DisposeHostAsync();

        var outcome = gateway.AuditRecords().Single(IsOutcomeOfCall);
        Assert.Equal("no_response", outcome.GetProperty("ended").GetString());
    }

    private static bool IsOutcomeOfCall(JsonElement record) =>
        record.GetProperty("kind").GetString() == "outcome" && record.GetProperty("counted").GetString() == "counted";

    private static async Task<RecordingServer> ServerAsync(string how)
    {
        var server = await RecordingServer.StartAsync();
        var usual = server.Answer;
        server.Answer = async (http, request) =>
        {
            if (request.Text.Contains("initialize\"", StringComparison.Ordinal))
            {
                http.Response.Headers["Mcp-Session-Id"] = "s-1";
                var id = JsonDocument.Parse(request.Body).RootElement.GetProperty("id").GetRawText();
                await RecordingServer.JsonAsync(http, $$$$"""{"jsonrpc":"2.0","id":{{{{id}}}},"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"s","version":"1"}}}""");
                return;
            }

            if (request.Text.Contains("tools/list\"", StringComparison.Ordinal))
            {
                var id = JsonDocument.Parse(request.Body).RootElement.GetProperty("id").GetRawText();
                await RecordingServer.JsonAsync(http, $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"tools":[]} }""");
                return;
            }

            if (request.Method == "GET")
            {
                if (!request.Headers.ContainsKey("Last-Event-ID"))
                    http.Response.StatusCode = 405;
                else
                    await EventsAsync(http, $"id: e-2\ndata: {Own}\n\n");
                return;
            }

            if (!request.Text.Contains("tools/call", StringComparison.Ordinal))
            {
                if (request.Method == "POST")
                    await usual(http, request);
                return;
            }

            await (how switch
            {
                "202" => AcceptedAsync(http),
                "html" => http.Response.WriteAsync(Html),
                "other" => RecordingServer.JsonAsync(http, """{"jsonrpc":"2.0","id":"other","result":{"content":[]}}"""),
                "resumable" => EventsAsync(http, "id: e-1\nretry: 10\ndata: \n\n"),
                "stream" => EventsAsync(http, $"data: {Progress}\n\n"),
                _ => throw new ArgumentException(how),
            });
        };
        return server;
    }

    private static Task AcceptedAsync(HttpContext http)
    {
        http.Response.StatusCode = 202;
        return Task.CompletedTask;
    }

    private static async Task EventsAsync(HttpContext http, string events)
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync(events);
        await http.Response.Body.FlushAsync();
    }

    private static string Body(string type, string body) =>
        $"HTTP/1.1 200 OK\r\n{(type.Length > 0 ? $"Content-Type: {type}\r\n" : "")}"
            + $"Content-Length: {body.Length}\r\n\r\n{body}";

    private static string Chunk(string text) => $"{text.Length:x}\r\n{text}\r\n";

    private static string Call(string id = "1") =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"pay"}}""";

    private static JsonElement Error(string text)
    {
        var at = text.LastIndexOf("data: ", StringComparison.Ordinal);
        var message = JsonDocument.Parse(at < 0 ? text : text[(at + 6)..]).RootElement;
        Assert.Equal("1", message.GetProperty("id").GetRawText());
        return message.GetProperty("error");
    }

    private async Task RecordedAsync()
    {
        var outcome = await _gateway.OutcomeAsync();
        Assert.Equal("no_response", outcome.GetProperty("ended").GetString());
        Assert.Equal("counted", outcome.GetProperty("counted").GetString());
    }

    private Task<string> MetricsAsync() => _gateway.Client.GetStringAsync(new Uri(_gateway.Address, "/metrics"));

    private async Task AssertFailingAsync()
    {
        var health = await _gateway.ServerHealthAsync();
        Assert.Equal("failing", health.GetProperty("health").GetString());
        Assert.StartsWith("it ", health.GetProperty("fault").GetString(), StringComparison.Ordinal);
    }
}
