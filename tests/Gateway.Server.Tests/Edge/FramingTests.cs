namespace Gateway.Server.Tests.Edge;

/// <summary>Requests whose end or head two readers see differently, over sockets of their own.</summary>
public sealed class FramingTests : IAsyncLifetime
{
    private const string Call =
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get","arguments":{}}}""";
    private const string Chunked = "Transfer-Encoding: chunked";
    private static readonly string Length = $"Content-Length: {Call.Length}";
    private static readonly string Chunks = $"{Call.Length:x}\r\n{Call}\r\n0\r\n\r\n";
    private RecordingServer _server = null!;
    private TestGateway _gateway = null!;

    public static TheoryData<string> UnclearEnds =>
    [
        $"Content-Length: +{Call.Length}",
        "Content-Length: -0",
        $"Content-Length: 0x{Call.Length:x}",
        $"Content-Length: {Call.Length},{Call.Length}",
        $"Content-Length: {Call.Length}_",
        "Content-Length: ",
        $"{Length}\r\n{Length}",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: identity, chunked",
        "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: chunked;q=1",
        $"{Chunked}\r\n{Chunked}",
        $"{Length}\r\n{Chunked}",
        $"{Chunked}\r\n{Length}",
        $"Content-Length: 0\r\n{Chunked}",
    ];

    public static TheoryData<string> InspectedHeaderNames =>
    [
        "Mcp-Name, MCP-Protocol-Version",
        "keep-alive, mcp-name",
        "close,MCP-Protocol-Version",
        "MCP-METHOD",
        "Mcp-Session-Id",
        "Mcp-Param-Amount",
        "x\r\nConnection: Mcp-Name",
        "Last-Event-ID",
        "Content-Type",
        "Content-Length",
        "authorization",
        "Host",
        "\tAccept ,",
        "Mcp-Name\r\nConnection: close",
        "close\r\nConnection: Mcp-Name",
        "Mcp-Name, Keep-Alive",
    ];

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _gateway = await TestGateway.StartAsync(
            _server, """{ "version": "1", "default": "deny", "tools": { "get": {} } }""");
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(UnclearEnds))]
    public async Task Refuses_a_request_whose_end_is_unclear_and_reads_nothing_after_it(string framing)
    {
        var answer = await SayAsync(Head(framing) + BodyOf(framing) + Head(Length) + Call);

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Equal(1, answer.Split("HTTP/1.1 ").Length - 1);
        Assert.Empty(_server.Requests);
    }

    [Theory]
    [MemberData(nameof(UnclearEnds))]
    public async Task Refuses_it_on_every_other_path_too(string framing)
    {
        foreach (var path in new[] { "/readyz", "/metrics", "/api/v1/status", "/" })
        {
            var head = $"POST {path} HTTP/1.1\r\nHost: localhost\r\n{framing}\r\n\r\n";
            Assert.StartsWith("HTTP/1.1 400 ", await SayAsync(head + BodyOf(framing)), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(InspectedHeaderNames))]
    public async Task Refuses_a_request_whose_Connection_names_an_inspected_header(string named)
    {
        foreach (var method in new[] { "POST", "GET", "DELETE" })
        {
            var framing = method == "POST" ? Length : "X-None: 1";
            var head = Head($"{framing}\r\nConnection: {named}", method);

            var answer = await SayAsync(head + (method == "POST" ? Call : ""));

            Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        }

        Assert.Empty(_server.Requests);
    }

    [Theory]
    [InlineData("POST /mcp/srv HTTP/1.1\nHost: localhost\r\n\r\n")]
    [InlineData("POST /mcp/srv HTTP/1.1\r\nHost: localhost\n\r\n")]
    [InlineData("POST /mcp/srv HTTP/1.1\r\nHost: localhost\nX-Own: 1\r\n\r\n")]
    [InlineData("POST /mcp/srv HTTP/1.1\r\nHost: localhost\r\n\n")]
    [InlineData("POST /mcp/srv HTTP/1.1\nHost: localhost\n\n")]
    [InlineData("GET /readyz HTTP/1.1\nHost: localhost\n\n")]
    [InlineData("POST /mcp/srv HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n")]
    [InlineData("POST /mcp/srv HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1;a\nx\r\n0\r\n\r\n")]
    public async Task Line_that_ends_in_a_bare_line_feed_is_refused(string request)
    {
        var authorized = request.Replace("Host: localhost", $"Host: localhost\r\nAccept: application/json, "
            + $"text/event-stream\r\nContent-Type: application/json\r\nAuthorization: Bearer {TestTokens.Agent}");

        Assert.StartsWith("HTTP/1.1 400 ", await SayAsync(authorized), StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    [Theory]
    [InlineData("post")]
    [InlineData("Post")]
    [InlineData("pOST")]
    [InlineData("get")]
    [InlineData("FOO")]
    public async Task Method_that_http_does_not_have_is_refused(string method)
    {
        foreach (var path in new[] { "/mcp/srv", "/mcp", "/readyz", "/metrics", "/api/v1/status" })
        {
            var answer = await SayAsync(Head(Length, method).Replace("/mcp/srv", path) + Call);

            Assert.StartsWith("HTTP/1.1 501 ", answer, StringComparison.Ordinal);
        }

        Assert.Empty(_server.Requests);
    }

    [Theory]
    [InlineData("2130706433")]
    [InlineData("2130706433:8080")]
    [InlineData("0x7f000001")]
    [InlineData("0177.0.0.1")]
    [InlineData("127.1")]
    public async Task Host_that_obscures_an_ipv4_address_is_refused(string host)
    {
        foreach (var path in new[] { "/mcp/srv", "/readyz", "/metrics", "/api/v1/status" })
        {
            var request = Head(Length).Replace("/mcp/srv", path).Replace("Host: localhost", $"Host: {host}");

            Assert.StartsWith("HTTP/1.1 400 ", await SayAsync(request + Call), StringComparison.Ordinal);
        }

        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Serves_what_is_clear()
    {
        var heads = new[] { Length, $"Content-Length: 0{Call.Length}", Chunked, "Transfer-Encoding:  CHUNKED " };
        foreach (var head in heads)
        {
            var connection = "Connection: close, X-Own, traceparent";
            Assert.StartsWith(
                "HTTP/1.1 200 ", await SayAsync(Head($"{head}\r\n{connection}") + BodyOf(head)),
                StringComparison.Ordinal);
        }

        Assert.Equal(4, _server.Requests.Count);
    }

    private static string BodyOf(string framing) =>
        framing.Contains("chunked", StringComparison.OrdinalIgnoreCase) ? Chunks : Call;

    private static string Head(string more, string method = "POST") =>
        $"{method} /mcp/srv HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TestTokens.Agent}\r\n"
        + $"Accept: application/json, text/event-stream\r\nContent-Type: application/json\r\n{more}\r\n\r\n";

    /// <summary>Says it, and returns everything that is answered until the gateway closes the connection.</summary>
    private async Task<string> SayAsync(string text)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_gateway.Address.Host, _gateway.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text));
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer).WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch (IOException)
        {
            // What was not read of a refused request resets the connection; the answer came before.
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
