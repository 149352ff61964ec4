using System.IO.Compression;

namespace Gateway.Server.Tests.Edge;

/// <summary>
/// Every way past a policy that was seen in gateways of this kind, tried over HTTP: none reaches the server.
/// </summary>
public sealed class BypassTests : IAsyncLifetime
{
    private const string Policy = """
        { "version": "1", "default": "deny", "hide": ["hidden_*"], "tools": { "get": {}, "delete": { "action": "deny" } } }
        """;

    private const string List = """
        {"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"get","x-unknown":1},{"name":"delete"},{"name":"hidden_a"},{"name":"unknown"}],"nextCursor":"c","_meta":{"k":1},"future":true}}
        """;

    private RecordingServer _server = null!;
    private TestGateway _gateway = null!;

    public static TheoryData<string> Ambiguous() =>
    [
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"delete","Name":"get"}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get","Name":"delete"}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get","name":"delete"}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get","n\u0061me":"delete"}}""",
        """{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call","params":{"name":"delete"}}""",
        """{"jsonrpc":"2.0","id":1,"method":"ping","Method":"tools/call","params":{"name":"delete"}}""",
        """{"jsonrpc":"2.0","id":1,"method":"ping","params":{"name":"get"},"params":{"name":"delete"}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get","arguments":[]}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get","arguments":"{}"}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get","arguments":{"a":1,"a":2}}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get","arguments":{"d":[{"a":1,"\u0061":2}]}}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":["get"]}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":["get"]}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call"}""",
        """[{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"delete"}}]""",
        """[]""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get"}}{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"delete"}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get"}} x""",
        """{"jsonrpc":"2.0","id":null,"method":"tools/call","params":{"name":"get"}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","result":{},"params":{"name":"get"}}""",
        """{"jsonrpc":"1.0","id":1,"method":"tools/call","params":{"name":"get"}}""",
        """{"jsonrpc":"2.0","id":{},"method":"tools/call","params":{"name":"get"}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get",}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/call",/**/"params":{"name":"get"}}""",
        "",
        "null",
        "{",
        "\u00ef\u00bb\u00bf{}",
    ];

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

    [Theory]
    [MemberData(nameof(Ambiguous))]
    public async Task Refuses_what_two_parsers_could_read_differently(string body)
    {
        using var response = await _gateway.PostAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Refuses_a_body_that_is_not_utf8()
    {
        byte[] body = [.. "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"get"u8, 0xC0,
            0xAF, .. "\"}}"u8];

        using var response = await _gateway.PostAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Refuses_a_compressed_body_that_it_would_not_have_read()
    {
        using var zipped = new MemoryStream();
        await using (var gzip = new GZipStream(zipped, CompressionMode.Compress, leaveOpen: true))
            await gzip.WriteAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"delete"}}"""u8.ToArray());

        using var response = await _gateway.PostAsync(
            zipped.ToArray(), request => request.Content!.Headers.ContentEncoding.Add("gzip"));

        Assert.InRange((int)response.StatusCode, 400, 499);
        Assert.Empty(_server.Requests);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Refuses_another_content_type(string type)
    {
        using var response = await _gateway.PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get"}}""",
            request => request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(type));

        Assert.InRange((int)response.StatusCode, 400, 499);
        Assert.Empty(_server.Requests);
    }

    [Theory]
    [InlineData("Mcp-Name", "get")]
    [InlineData("Mcp-Method", "ping")]
    public async Task Evaluates_the_body_regardless_of_the_headers(string header, string value)
    {
        using var response = await _gateway.PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"delete"}}""",
            request => request.Headers.TryAddWithoutValidation(header, value));

        Assert.Empty(_server.Requests);
    }

    [Theory]
    [InlineData("identity", "application/json")]
    [InlineData("gzip", "application/json")]
    [InlineData("br", "application/json")]
    [InlineData("identity", "text/event-stream")]
    [InlineData("gzip", "text/event-stream")]
    public async Task Filters_a_list_however_it_comes_and_keeps_the_rest(string encoding, string mediaType)
    {
        _server.Answer = (http, _) => SendAsync(http, encoding, mediaType);

        using var response = await _gateway.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");

        var text = await response.Content.ReadAsStringAsync();
        if (mediaType == "text/event-stream")
            text = text.Split('\n').Single(line =>
                line.StartsWith("data:", StringComparison.Ordinal))["data:".Length..];
        var result = JsonDocument.Parse(text).RootElement.GetProperty("result");
        var tool = Assert.Single(result.GetProperty("tools").EnumerateArray());
        Assert.Equal("get", tool.GetProperty("name").GetString());
        Assert.Equal(1, tool.GetProperty("x-unknown").GetInt32());
        Assert.Equal("c", result.GetProperty("nextCursor").GetString());
        Assert.Equal(1, result.GetProperty("_meta").GetProperty("k").GetInt32());
        Assert.True(result.GetProperty("future").GetBoolean());
    }

    [Fact]
    public async Task Hides_a_list_in_an_encoding_that_it_cannot_read()
    {
        _server.Answer = (http, _) =>
        {
            http.Response.Headers.ContentEncoding = "zstd";
            return RecordingServer.JsonAsync(http, "not readable");
        };

        using var response = await _gateway.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
    }

    private static async Task SendAsync(HttpContext http, string encoding, string mediaType)
    {
        http.Response.ContentType = mediaType;
        var text = mediaType == "text/event-stream" ? $"id: 1\ndata: {List.Trim()}\n\n" : List.Trim();
        if (encoding != "identity")
            http.Response.Headers.ContentEncoding = encoding;
        await using Stream body = encoding switch
        {
            "gzip" => new GZipStream(http.Response.Body, CompressionMode.Compress, leaveOpen: true),
            "br" => new BrotliStream(http.Response.Body, CompressionMode.Compress, leaveOpen: true),
            _ => new MemoryStream(),
        };
        var bytes = Encoding.UTF8.GetBytes(text);
        await (encoding == "identity" ? http.Response.Body : body).WriteAsync(bytes);
    }
}
