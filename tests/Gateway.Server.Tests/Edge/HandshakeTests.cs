using Gateway.Server.Tests.Several;
using Gateway.Server.Tests.Stdio;

namespace Gateway.Server.Tests.Edge;

/// <summary>The agreement on a protocol revision: the request, the response, and the messages of its session.</summary>
public sealed class HandshakeTests : IAsyncLifetime
{
    private const string AllowAll = """{ "version": "1", "default": "allow" }""";
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x"}}""";
    private const string Supported = """["2025-11-25","2025-06-18","2025-03-26","2024-11-05"]""";
    private string _answered = "2025-11-25";
    private bool _asEvent;
    private RecordingServer _server = null!;
    private TestGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        var usual = _server.Answer;
        _server.Answer = (http, request) => request.Text.Contains("initialize\"", StringComparison.Ordinal)
            ? OpenAsync(http)
            : request.Method == "POST" ? usual(http, request) : Task.CompletedTask;
        _gateway = await TestGateway.StartAsync(_server, AllowAll);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("\"2099-01-01\"", "2025-11-25")]
    [InlineData("\"1.0\"", "2025-11-25")]
    [InlineData("\"2026-07-28\"", "2025-11-25")]
    [InlineData("\"\\u0032025-06-18\"", null)]
    [InlineData("\"2024-11-05\"", null)]
    [InlineData("17", null)]
    public async Task Initialize_with_an_unknown_revision_requests_the_newest_supported_one(
        string requested, string? sent)
    {
        var body = $$$$"""{ "jsonrpc" : "2.0","id": 1.0, "method":"initialize","params":{"x":"\u00e9","protocolVersion" : {{{{requested}}}} ,"capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";

        using var answer = await _gateway.PostAsync(body);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(
            sent is null ? body : body.Replace(requested, $"\"{sent}\"", StringComparison.Ordinal),
            _server.Requests.Single().Text);
    }

    [Theory]
    [InlineData("2099-01-01", false)]
    [InlineData("1.0", false)]
    [InlineData("2026-07-28", false)]
    [InlineData("2099-01-01", true)]
    public async Task Initialize_answered_with_an_unsupported_revision_is_an_error_and_ends_the_session(
        string answered, bool asEvent)
    {
        (_answered, _asEvent) = (answered, asEvent);

        using var opened = await _gateway.PostAsync(Initialize("2099-12-31"));

        var error = await ErrorAsync(opened);
        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        Assert.False(opened.Headers.Contains("Mcp-Session-Id"));
        Assert.Equal(-32602, error.GetProperty("code").GetInt32());
        Assert.Contains(answered, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(Supported, error.GetProperty("data").GetProperty("supported").GetRawText());
        Assert.Equal("2099-12-31", error.GetProperty("data").GetProperty("requested").GetString());
        await Soon.UntilAsync(() => _server.Requests.Count == 2, "the session at the server is ended");
        var ended = _server.Requests.Last();
        Assert.Equal(("DELETE", "session-1"), (ended.Method, ended.Headers["Mcp-Session-Id"]));
        var health = await _gateway.ServerHealthAsync();
        Assert.Equal("failing", health.GetProperty("health").GetString());
        Assert.Contains($"it responded to initialize with protocol revision {answered}, which this gateway does not",
            health.GetProperty("fault").GetString(), StringComparison.Ordinal);

        _answered = "2025-06-18";
        using var again = await _gateway.PostAsync(Initialize("2025-06-18"));
        Assert.True(again.Headers.Contains("Mcp-Session-Id"));
        Assert.Equal("ok", (await _gateway.ServerHealthAsync()).GetProperty("health").GetString());
    }

    [Theory]
    [InlineData("2024-11-05", false)]
    [InlineData("2025-03-26", true)]
    [InlineData("2025-06-18", false)]
    public async Task Version_header_of_a_session_must_be_the_agreed_revision_or_absent(string agreed, bool asEvent)
    {
        (_answered, _asEvent) = (agreed, asEvent);
        using var opened = await _gateway.PostAsync(Initialize("2025-11-25"));
        var session = opened.Headers.GetValues("Mcp-Session-Id").Single();

        foreach (var method in (string[])["POST", "GET", "DELETE"])
        {
            var before = _server.Requests.Count;
            using var other = await SendAsync(method, session, "2025-11-25");
            Assert.Equal(HttpStatusCode.BadRequest, other.StatusCode);
            Assert.Contains($"this session agreed on {agreed}", await other.Content.ReadAsStringAsync());
            Assert.Equal(before, _server.Requests.Count);

            using var same = await SendAsync(method, session, agreed);
            Assert.Equal(HttpStatusCode.OK, same.StatusCode);
            using var assumed = await SendAsync(method, session, "2025-03-26");
            Assert.Equal(HttpStatusCode.OK, assumed.StatusCode);
            using var absent = await SendAsync(method, session, null);
            Assert.Equal(HttpStatusCode.OK, absent.StatusCode);
        }
    }

    [Fact]
    public async Task At_the_address_of_several_servers_the_same_holds()
    {
        using var several = new SeveralGateway { Wait = TimeSpan.FromSeconds(20) };
        await several.InitializeAsync();
        try
        {
            foreach (var server in (ScriptedServer[])[several.Crm, several.Erp, several.Slow])
                server.Own = (http, message) => AnswerOpeningAsync(http, message, "1.0");
            using var refused = await several.PostAsync(Initialize("2099-12-31"));
            var error = await ErrorAsync(refused);
            Assert.Equal(-32602, error.GetProperty("code").GetInt32());
            Assert.Equal("2099-12-31", error.GetProperty("data").GetProperty("requested").GetString());
            Assert.Contains("\"2025-11-25\"", several.Crm.Received("initialize").Single().Text);
            await Soon.UntilAsync(() => several.Crm.Bodiless("DELETE").Count == 1, "the session is ended");

            several.Erp.Own = (http, message) => AnswerOpeningAsync(http, message, "2025-06-18");
            using var opened = await several.PostAsync(Initialize("2025-06-18"));
            var result = JsonDocument.Parse(await opened.Content.ReadAsStringAsync()).RootElement.GetProperty("result");
            Assert.Equal("2025-06-18", result.GetProperty("protocolVersion").GetString());
            var missing = result.GetProperty("_meta").GetProperty("policy-gateway/unavailable").EnumerateArray()
                .Single(static one => one.GetProperty("server").GetString() == "crm");
            Assert.Contains("chose 1.0", missing.GetProperty("reason").GetString());

            var session = opened.Headers.GetValues("Mcp-Session-Id").Single();
            using var other = await several.PostAsync(Call, session,
                change: static request => request.Headers.Add("MCP-Protocol-Version", "2025-11-25"));
            Assert.Equal(HttpStatusCode.BadRequest, other.StatusCode);
        }
        finally
        {
            await several.DisposeAsync();
        }
    }

    [LinuxTheory]
    [InlineData("1.0")]
    [InlineData("2099-01-01")]
    public async Task Program_that_answers_an_unsupported_revision_is_stopped(string answered)
    {
        using var folder = new TestFolder("gateway-handshake-");
        var (script, pids) = (Path.Combine(folder.Path, "server.sh"), Path.Combine(folder.Path, "pids"));
        await File.WriteAllTextAsync(script, "echo $$ > " + pids + "\nread -r line\n"
            + "echo '{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":" + Result(answered) + "}'\ncat > /dev/null\n");
        await using var bench = await StdioBench.StartProgramAsync(
            "{ \"command\": \"/bin/sh\", \"args\": [\"" + script + "\"] }");

        using var opened = await bench.PostAsync(StdioBench.Initialize, null);

        Assert.Equal(-32602, (await ErrorAsync(opened)).GetProperty("code").GetInt32());
        await LiveProcesses.AllGoneAsync(() => [int.Parse(File.ReadAllText(pids), null)]);
    }

    private static string Initialize(string revision) =>
        $$$$"""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"{{{{revision}}}}","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";

    private static async Task<JsonElement> ErrorAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        var at = text.IndexOf("data:", StringComparison.Ordinal);
        return JsonDocument.Parse(at < 0 ? text : text[(text.LastIndexOf("data:", StringComparison.Ordinal) + 5)..])
            .RootElement.GetProperty("error");
    }

    private static async Task<bool> AnswerOpeningAsync(HttpContext http, JsonElement message, string revision)
    {
        if (!message.TryGetProperty("method", out var method) || method.GetString() != "initialize")
            return false;
        http.Response.Headers["Mcp-Session-Id"] = "s-1";
        await ScriptedServer.ResultAsync(http, message.GetProperty("id"), Result(revision));
        return true;
    }

    private static string Result(string revision) =>
        $$$"""{"protocolVersion":"{{{revision}}}","capabilities":{},"serverInfo":{"name":"s","version":"1"}}""";

    private Task OpenAsync(HttpContext http)
    {
        http.Response.Headers["Mcp-Session-Id"] = "session-1";
        var json = $$$"""{"jsonrpc":"2.0","id":1,"result":{{{Result(_answered)}}}}""";
        if (!_asEvent)
            return RecordingServer.JsonAsync(http, json);
        http.Response.ContentType = "text/event-stream";
        return http.Response.WriteAsync($"event: message\ndata: {json}\n\n");
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string session, string? version)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), _gateway.Endpoint);
        if (method == "POST")
            request.Content = new StringContent(Call, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.Add("Mcp-Session-Id", session);
        if (version is not null)
            request.Headers.Add("MCP-Protocol-Version", version);
        return await _gateway.Client.SendAsync(request);
    }
}
