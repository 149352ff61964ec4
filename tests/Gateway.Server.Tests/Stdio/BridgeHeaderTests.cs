using System.IO.Pipelines;
using Gateway.Hosting.Bridge;

namespace Gateway.Server.Tests.Stdio;

/// <summary>Messages whose members become headers, at the bridge in this process and as a program.</summary>
public sealed class BridgeHeaderTests : IAsyncLifetime, IDisposable
{
    private const string Initialize = """
        {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"} } }
        """;

    private readonly Pipe _input = new();
    private readonly Pipe _output = new();
    private readonly StringWriter _log = new();
    private RecordingServer _server = null!;
    private Task<bool> _bridge = Task.FromResult(true);
    private StreamReader _answers = null!;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _answers = new StreamReader(_output.Reader.AsStream());
        _bridge = RunAsync();
    }

    public void Dispose()
    {
        _answers?.Dispose();
        _log.Dispose();
    }

    public async Task DisposeAsync()
    {
        await _input.Writer.CompleteAsync();
        await _bridge.WaitAsync(Soon.AtMost);
        _answers.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("""2026-07-28\r\nX-Injected: 1""")]
    [InlineData("""2026-07-28\n""")]
    [InlineData("""\r""")]
    [InlineData("""2025-11-25\u0001""")]
    [InlineData("""2026-07-28é""")]
    public async Task Version_that_no_header_can_hold_fails_its_message_only(string version)
    {
        var open = HoldFirst();
        await SendAsync(Call(1, "2026-07-28"));
        await open.Begun.Task.WaitAsync(Soon.AtMost);

        await SendAsync(Call(2, version));
        var refused = await ReadAsync();
        open.Answer.SetResult();
        var answered = await ReadAsync();

        Assert.Equal(2, refused.GetProperty("id").GetInt32());
        Assert.Contains("protocolVersion", refused.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal(1, answered.GetProperty("id").GetInt32());
        Assert.True(answered.TryGetProperty("result", out _));
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Method_that_no_header_can_hold_fails_its_message_only()
    {
        await SendAsync("""
            {"jsonrpc":"2.0","id":3,"method":"vendor/x\r\nX-Injected: 1","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"} } }
            """);
        Assert.True((await ReadAsync()).TryGetProperty("error", out _));

        await SendAsync(Call(4, "2026-07-28"));

        Assert.Equal(4, (await ReadAsync()).GetProperty("id").GetInt32());
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Notification_that_no_header_can_hold_is_logged_and_ends_nothing()
    {
        await SendAsync("""
            {"jsonrpc":"2.0","method":"notifications/x","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"a\nb"} } }
            """);
        await SendAsync(Call(5, "2026-07-28"));

        Assert.Equal(5, (await ReadAsync()).GetProperty("id").GetInt32());
        Assert.Contains("was not sent", _log.ToString());
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Version_of_one_message_is_the_header_of_no_other()
    {
        _server.Answer = static (http, request) => RecordingServer.JsonAsync(
            http, request.Text.Contains("\"initialize\"")
                ? """{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-11-25"}}"""
                : $$$"""{"jsonrpc":"2.0","id":{{{IdOf(request)}}},"result":{}}""");
        await SendAsync(Initialize);
        await ReadAsync();
        for (var round = 0; round < 20; round++)
        {
            await SendAsync(Call(100 + round, round % 2 == 0 ? "2026-07-28" : "2025-06-18"));
            await SendAsync(Call(200 + round, null));
        }

        for (var i = 0; i < 40; i++)
            await ReadAsync();

        Assert.All(_server.Requests.Where(static one => IdOf(one) >= 200), static one =>
            Assert.Equal("2025-11-25", one.Headers["MCP-Protocol-Version"]));
        Assert.All(_server.Requests.Where(static one => IdOf(one) is >= 100 and < 200), static one => Assert.Equal(
            IdOf(one) % 2 == 0 ? "2026-07-28" : "2025-06-18", one.Headers["MCP-Protocol-Version"]));
        Assert.Equal(41, _server.Requests.Count);
    }

    [Fact]
    public async Task Agreed_version_that_no_header_can_hold_is_not_used()
    {
        _server.Answer = static (http, request) => RecordingServer.JsonAsync(
            http, $$$"""{"jsonrpc":"2.0","id":{{{IdOf(request)}}},"result":{"protocolVersion":"2025-11-25\r\nX: 1"} }""");
        await SendAsync(Initialize);
        await ReadAsync();

        await SendAsync(Call(6, null));

        Assert.Equal(6, (await ReadAsync()).GetProperty("id").GetInt32());
        Assert.DoesNotContain("MCP-Protocol-Version", _server.Requests.Last().Headers.Keys);
    }

    /// <summary>
    /// The AI SDK waits one second for <c>server/discover</c>, then it initializes. The response to the first request
    /// may still come, and 2026-07-28 reports an unknown method with 404.
    /// </summary>
    [Fact]
    public async Task Status_404_to_a_request_without_the_session_does_not_end_the_session()
    {
        var discovery = HoldDiscovery();
        await SendAsync(Request(1, "server/discover", "2026-07-28"));
        await discovery.Begun.Task.WaitAsync(Soon.AtMost);
        await SendAsync(Initialize);
        await ReadAsync();

        discovery.Answer.SetResult();
        var unknown = await ReadAsync();
        await SendAsync(Call(2, null));
        var called = await ReadAsync();

        Assert.Equal(-32601, unknown.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(2, called.GetProperty("id").GetInt32());
        Assert.True(called.TryGetProperty("result", out _));
        Assert.Equal("session-1", _server.Requests.Last().Headers["Mcp-Session-Id"]);
    }

    [Fact]
    public async Task Cancellation_of_a_request_without_the_session_ends_that_request()
    {
        var discovery = HoldDiscovery();
        await SendAsync(Request(1, "server/discover", "2026-07-28"));
        await discovery.Begun.Task.WaitAsync(Soon.AtMost);
        await SendAsync(Initialize);
        await ReadAsync();

        await SendAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1} }""");

        await discovery.Gone.Task.WaitAsync(Soon.AtMost);
        await SendAsync(Call(2, null));
        Assert.Equal(2, (await ReadAsync()).GetProperty("id").GetInt32());
        Assert.DoesNotContain(_server.Requests, static one => one.Text.Contains("cancelled"));
    }

    /// <summary>A wait of a second, as without <c>retry</c>, would exceed the test's time after 100 streams.</summary>
    [Fact]
    public async Task Stream_of_a_call_is_resumed_after_the_retry_time_of_the_server_until_the_response()
    {
        const int Streams = 200;
        var usual = _server.Answer;
        _server.Answer = async (http, request) =>
        {
            if (request.Text.Contains("tools/call"))
            {
                await EventsAsync(http, "id: e-1\nretry: 1\ndata:\n\n");
                return;
            }

            if (request.Method != "GET")
            {
                await usual(http, request);
                return;
            }

            var isLast = _server.Requests.Count(static one => one.Method == "GET") == Streams;
            await EventsAsync(http, isLast
                ? "id: e-2\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n" : ": nothing yet\n\n");
        };

        await SendAsync(Call(1, null));
        var answered = await ReadAsync();

        Assert.True(answered.TryGetProperty("result", out _), answered.GetRawText());
        Assert.All(_server.Requests.Where(static one => one.Method == "GET"), static one =>
            Assert.Equal("e-1", one.Headers["Last-Event-ID"]));
        Assert.Equal(1 + Streams, _server.Requests.Count);
    }

    [Fact]
    public async Task Session_stream_resumes_after_its_last_event_and_reopens_if_that_is_unknown()
    {
        var usual = _server.Answer;
        _server.Answer = async (http, request) =>
        {
            if (request.Text.Contains("\"initialize\""))
                http.Response.Headers["Mcp-Session-Id"] = "session-1";
            if (request.Method != "GET")
                await usual(http, request);
            else if (request.Headers.ContainsKey("Last-Event-ID"))
                http.Response.StatusCode = 400;
            else if (_server.Requests.Count(static one => one.Method == "GET") == 1)
                await EventsAsync(http, "retry: 1\n\nid: e-7\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"first\"}\n\n");
            else
                await EventsAsync(http, "data: {\"jsonrpc\":\"2.0\",\"method\":\"second\"}\n\n");
        };

        await SendAsync(Initialize);
        await ReadAsync();
        await SendAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");

        Assert.Equal("first", (await ReadAsync()).GetProperty("method").GetString());
        Assert.Equal("second", (await ReadAsync()).GetProperty("method").GetString());
        Assert.Equal(
            [null, "e-7", null],
            _server.Requests.Where(static one => one.Method == "GET").Take(3)
                .Select(static one => one.Headers.GetValueOrDefault("Last-Event-ID")));
    }

    [Fact]
    public async Task Stateless_request_after_initialize_has_no_session()
    {
        HoldDiscovery();
        await SendAsync(Initialize);
        await ReadAsync();

        await SendAsync(Call(2, "2026-07-28"));
        await ReadAsync();

        Assert.DoesNotContain("Mcp-Session-Id", _server.Requests.Last().Headers.Keys);
    }

    [Theory]
    [InlineData("pgw_token_with_a_line_end\n")]
    [InlineData("pgw_token\r\nX-Injected: 1")]
    public async Task Token_with_a_line_break_is_a_usage_error(string token)
    {
        using var folder = new TestFolder("gateway-bridge-");
        var cli = new Cli(folder.Path);
        cli.Environment["GATEWAY_TOKEN"] = token;

        var run = await cli.RunAsync("stdio", "--server", "srv", "--gateway", "http://127.0.0.1:1");

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("The token in GATEWAY_TOKEN contains a character that is not allowed", run.Errors);
        Assert.DoesNotContain("   at ", run.Errors);
    }

    [Fact]
    public async Task Token_on_the_command_line_is_warned_about()
    {
        using var folder = new TestFolder("gateway-bridge-");
        var cli = new Cli(folder.Path);

        var warned = await cli.RunAsync(
            "stdio", "--server", "srv", "--gateway", "http://127.0.0.1:1", "--token", TestTokens.Agent);
        cli.Environment["GATEWAY_TOKEN"] = TestTokens.Agent;
        var quiet = await cli.RunAsync("stdio", "--server", "srv", "--gateway", "http://127.0.0.1:1");

        Assert.StartsWith("Warning: other users of this machine can read --token", warned.Errors);
        Assert.DoesNotContain(TestTokens.Agent, warned.Errors);
        Assert.Equal((0, 0, ""), (warned.ExitCode, quiet.ExitCode, quiet.Errors));
    }

    private static Task EventsAsync(HttpContext http, string events)
    {
        http.Response.ContentType = "text/event-stream";
        return http.Response.WriteAsync(events);
    }

    private static int IdOf(RecordedRequest request)
    {
        using var message = JsonDocument.Parse(request.Body);
        return message.RootElement.GetProperty("id").GetInt32();
    }

    private static string Call(int id, string? version) => Request(id, "tools/call", version);

    private static string Request(int id, string method, string? version)
    {
        var meta = version is null
            ? "" : $$"""
            ,"_meta":{"io.modelcontextprotocol/protocolVersion":"{{version}}"}
            """.Trim();
        return $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"{{{method}}}","params":{"name":"get"{{{meta}}} } }""";
    }

    /// <summary>Initializes a session at once, and answers the discovery with 404 when it may.</summary>
    private (TaskCompletionSource Begun, TaskCompletionSource Answer, TaskCompletionSource Gone) HoldDiscovery()
    {
        TaskCompletionSource begun = new(), answer = new(), gone = new();
        var usual = _server.Answer;
        _server.Answer = async (http, request) =>
        {
            if (request.Text.Contains("\"initialize\""))
            {
                http.Response.Headers["Mcp-Session-Id"] = "session-1";
                await RecordingServer.JsonAsync(
                    http, """{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-11-25"}}""");
            }
            else if (request.Text.Contains("server/discover"))
            {
                begun.TrySetResult();
                await using var left = http.RequestAborted.Register(() => gone.TrySetResult());
                await Task.WhenAny(answer.Task, gone.Task).WaitAsync(Soon.AtMost);
                await RecordingServer.JsonAsync(
                    http, """{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}}""", 404);
            }
            else
            {
                await usual(http, request);
            }
        };
        return (begun, answer, gone);
    }

    private (TaskCompletionSource Begun, TaskCompletionSource Answer) HoldFirst()
    {
        var (begun, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        var usual = _server.Answer;
        _server.Answer = async (http, request) =>
        {
            begun.TrySetResult();
            await answer.Task.WaitAsync(Soon.AtMost);
            await usual(http, request);
        };
        return (begun, answer);
    }

    private async Task<bool> RunAsync()
    {
        using var link = new BridgeConnection(new Uri(_server.Url), TestTokens.Agent);
        using var lines = new LineFraming(_input.Reader.AsStream(), _output.Writer.AsStream());
        using var bridge = new StdioBridge(lines, link, _log, TimeProvider.System);
        return await bridge.RunAsync(CancellationToken.None);
    }

    private async Task SendAsync(string message) =>
        await _input.Writer.WriteAsync(Encoding.UTF8.GetBytes(message.ReplaceLineEndings(" ").Trim() + "\n"));

    private async Task<JsonElement> ReadAsync()
    {
        var line = await _answers.ReadLineAsync().WaitAsync(Soon.AtMost);
        return JsonDocument.Parse(line!).RootElement;
    }
}
