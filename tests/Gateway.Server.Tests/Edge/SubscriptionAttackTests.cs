using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Server.Tests.Edge;

/// <summary>Attacks on <c>subscriptions/listen</c> of 2026-07-28, over HTTP.</summary>
public sealed class SubscriptionAttackTests : IAsyncLifetime
{
    private const string Policy = """
        { "version": "1", "default": "deny",
          "resources": { "default": "deny", "allow": ["file:///open/*"], "deny": ["file:///open/private*"] } }
        """;

    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RecordingServer _server = null!;
    private TestGateway _gateway = null!;
    private int _ended;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _server.Answer = ListenAsync;
        _gateway = await TestGateway.StartAsync(_server, Policy);
    }

    public async Task DisposeAsync()
    {
        _end.TrySetResult();
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("file:///secret")]
    [InlineData("file:///open/private")]
    [InlineData("file:///open/privat%65")]
    [InlineData("FILE:///open/private")]
    [InlineData("file:///open/../secret")]
    [InlineData("file:///open/%2e%2e/secret")]
    [InlineData("file:///open/..%2fsecret")]
    [InlineData("file:///open//private")]
    [InlineData("file:///open/./private")]
    [InlineData("file:///open/a\\\\..\\\\private")]
    [InlineData("file:///open/private\\u0000")]
    [InlineData("file:\\/\\/\\/open\\/privat\\u0065")]
    [InlineData("gateway://limits")]
    public async Task A_denied_uri_in_any_spelling_among_allowed_ones_opens_no_stream(string uri)
    {
        using var response = await OpenAsync($$"""{"resourceSubscriptions":["file:///open/a","{{uri}}"]}""");

        Assert.NotEqual("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("\"error\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    [Theory]
    [InlineData("""{"resourceSubscriptions":["file:///open/a"],"resourceSubscriptions":["file:///secret"]}""")]
    [InlineData("""{"resourceSubscriptions":["file:///open/a"],"ResourceSubscriptions":["file:///secret"]}""")]
    [InlineData("""{"resourceSubscriptions":["file:///open/a",{"uri":"file:///secret"}]}""")]
    [InlineData("""{"resourceSubscriptions":{"0":"file:///secret"}}""")]
    [InlineData("""{"resourceSubscriptions":"file:///secret"}""")]
    [InlineData("""{"resourceSubscriptions":[""]}""")]
    [InlineData("""["file:///secret"]""")]
    public async Task A_filter_that_two_readers_could_read_differently_reaches_no_server(string notifications)
    {
        using var response = await OpenAsync(notifications);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Streams_beyond_the_bound_of_a_grant_are_rejected_and_all_end_with_the_grant()
    {
        var open = new List<HttpResponseMessage>();
        for (var i = 0; i < StreamLimiter.PerGrantMax; i++)
        {
            open.Add(await OpenAsync("""{"resourceSubscriptions":["file:///open/a"]}"""));
            Assert.Equal("text/event-stream", open[^1].Content.Headers.ContentType?.MediaType);
        }

        using var beyond = await OpenAsync("""{"resourceSubscriptions":["file:///open/a"]}""");
        Assert.NotEqual("text/event-stream", beyond.Content.Headers.ContentType?.MediaType);
        Assert.Equal(StreamLimiter.PerGrantMax, _server.Requests.Count);

        var config = await File.ReadAllTextAsync(_gateway.ConfigPath);
        var root = JsonNode.Parse(config)!;
        root["grants"] = new JsonObject();
        await File.WriteAllTextAsync(_gateway.ConfigPath, root.ToJsonString());

        await Soon.UntilAsync(
            () => Volatile.Read(ref _ended) == StreamLimiter.PerGrantMax, "every stream has ended at the server");
        foreach (var response in open)
            response.Dispose();
    }

    private async Task ListenAsync(HttpContext http, RecordedRequest request)
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync(": open\n\n");
        await http.Response.Body.FlushAsync();
        await Task.WhenAny(_end.Task, RecordingServer.UntilGoneAsync(http));
        Interlocked.Increment(ref _ended);
    }

    private Task<HttpResponseMessage> OpenAsync(string notifications)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _gateway.Endpoint)
        {
            Content = new StringContent(
                $$$$"""
                {"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":{{{{notifications}}}},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{} } } }
                """,
                new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")),
        };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", "subscriptions/listen");
        return _gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
