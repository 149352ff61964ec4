using Gateway.Control.Snapshots;
using Gateway.Mcp.Protocol;
using static Gateway.Upstreams.Tests.Http.SseFixture;

namespace Gateway.Upstreams.Tests.Http;

/// <summary>Servers that speak the older transport, HTTP+SSE.</summary>
public sealed class SseSessionTests : IAsyncDisposable
{
    private readonly CancellationTokenSource _limit = new(Soon.AtMost);

    private CancellationToken Limit => _limit.Token;

    public ValueTask DisposeAsync()
    {
        _limit.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Configured_server_gets_the_credential_at_its_stream_and_each_message_at_its_endpoint()
    {
        await using var server = await SseServer.StartAsync();
        await using var upstream = To(server, ServerTransport.Sse);
        var permits = 0;

        var (session, opened) = await OpenAsync(upstream, Limit);
        var request = Post(Call, session, before: _ =>
        {
            permits++;
            return ValueTask.CompletedTask;
        });
        var answer = await TextAsync(await upstream.SendAsync(request, Limit));

        Assert.Equal(
            """{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2024-11-05","of":"initialize"}}""", opened);
        Assert.Equal(
            """{"jsonrpc":"2.0","id":7,"result":{"protocolVersion":"2024-11-05","of":"tools/call"}}""", answer);
        Assert.Equal((1, true), (permits, request.WasWritten));
        Assert.Equal(
            [("GET", "/sse", ""), ("POST", "/message", Initialize), ("POST", "/message", Call)], server.Requests);
        Assert.Equal(["Bearer key", "Bearer key", "Bearer key"], server.Credentials);
        Assert.Equal(new SseStatus(false, 1, 256), ((HttpStatus)upstream.Status).Sse);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(405)]
    public async Task Initialize_that_the_server_refuses_is_repeated_over_the_stream_that_it_offers(int status)
    {
        await using var server = await SseServer.StartAsync(new SseServer
        {
            Post = context =>
            {
                context.Response.StatusCode = status;
                return Task.CompletedTask;
            },
        });
        await using var upstream = To(server);
        var permits = 0;

        using var answer = await upstream.SendAsync(Post(Initialize, before: _ =>
        {
            permits++;
            return ValueTask.CompletedTask;
        }), Limit);
        var (second, _) = await OpenAsync(upstream, Limit);

        Assert.Equal((200, 1), (answer.StatusCode, permits));
        Assert.NotEqual(second, answer.SessionId);
        // Once the server is known to speak it, nothing is sent over the other transport first.
        Assert.Equal(
            ["POST /sse", "GET /sse", "POST /message", "GET /sse", "POST /message"], server.Paths);
        Assert.Equal(new SseStatus(true, 2, 256), ((HttpStatus)upstream.Status).Sse);
    }

    [Fact]
    public async Task Call_is_never_repeated_and_opens_no_stream()
    {
        await using var server = await SseServer.StartAsync();
        await using var upstream = To(server);

        using var answer = await upstream.SendAsync(Post(Call), Limit);

        Assert.Equal(404, answer.StatusCode);
        Assert.Equal(["POST /sse"], server.Paths);
        Assert.Null(((HttpStatus)upstream.Status).Sse);
    }

    [Fact]
    public async Task Transport_http_detects_nothing()
    {
        await using var server = await SseServer.StartAsync();
        await using var upstream = To(server, ServerTransport.Http);

        using var answer = await upstream.SendAsync(Post(Initialize), Limit);

        Assert.Equal((404, 1), (answer.StatusCode, server.Requests.Count));
    }

    [Fact]
    public async Task Discover_finds_the_transport_and_asks_the_client_to_initialize()
    {
        await using var server = await SseServer.StartAsync();
        await using var upstream = To(server);
        const string discover = """
            {"jsonrpc":"2.0","id":1,"method":"server/discover","params":{"_meta":
            {"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"a",
            "version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}
            """;

        using var answer = await upstream.SendAsync(Post(discover, revision: McpRevision.Stateless), Limit);
        var said = await TextAsync(answer);
        using var call = await upstream.SendAsync(Post(Call, revision: McpRevision.Stateless), Limit);

        Assert.Equal((400, 400), (answer.StatusCode, call.StatusCode));
        Assert.Contains("\"code\":-32601", said, StringComparison.Ordinal);
        Assert.Contains("\"supported\":[\"2025-11-25\"", await TextAsync(call), StringComparison.Ordinal);
        Assert.Equal(["POST /sse", "GET /sse"], server.Paths);
        Assert.Equal(new SseStatus(true, 0, 256), ((HttpStatus)upstream.Status).Sse);
    }

    [Fact]
    public async Task Server_that_offers_no_stream_keeps_its_own_answer_to_initialize()
    {
        await using var server = await SseServer.StartAsync(new SseServer
        {
            Get = context =>
            {
                context.Response.ContentType = "text/html";
                return context.Response.WriteAsync("<p>home</p>");
            },
        });
        await using var upstream = To(server);
        await using var configured = To(server, ServerTransport.Sse);

        using var answer = await upstream.SendAsync(Post(Initialize), Limit);
        var error = await Assert.ThrowsAsync<UpstreamException>(
            () => configured.SendAsync(Post(Initialize), Limit));

        Assert.Equal((404, "text/html"), (answer.StatusCode, answer.MediaType));
        Assert.Equal((UpstreamFailure.InvalidAnswer, false), (error.Failure, error.WasWritten));
        Assert.StartsWith(
            "it responded to GET with HTTP 200 and text/html", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest")]
    [InlineData("//evil.example/message")]
    [InlineData("https://ORIGIN/message")]
    [InlineData("http://user:secret@ORIGIN/message")]
    [InlineData("http://127.0.0.1:1/message")]
    [InlineData("javascript:alert(1)")]
    public async Task Endpoint_at_another_origin_is_refused_and_receives_nothing(string endpoint)
    {
        SseServer? itself = null;
        await using var named = itself = await SseServer.StartAsync(new SseServer
        {
            Endpoint = _ => endpoint.Replace("ORIGIN", itself!.Url.Authority, StringComparison.Ordinal),
        });
        foreach (var transport in (ServerTransport?[])[ServerTransport.Sse, null])
        {
            await using var upstream = To(named, transport);
            var error = await Assert.ThrowsAsync<UpstreamException>(() => upstream.SendAsync(Post(Initialize), Limit));
            Assert.Equal((UpstreamFailure.Endpoint, false), (error.Failure, error.LostResponse));
            Assert.Matches(
                "^it names an endpoint at another origin|^its endpoint event does not name a URL", error.Message);
        }

        Assert.Equal(["GET /sse", "POST /sse", "GET /sse"], named.Paths);
    }

    [Theory]
    [InlineData("http://ORIGIN/message?id=1")]
    [InlineData("message?id=1")]
    public async Task Endpoint_may_be_absolute_or_relative(string endpoint)
    {
        SseServer? server = null;
        await using var started = server = await SseServer.StartAsync(new SseServer
        {
            Endpoint = _ => endpoint.Replace("ORIGIN", server!.Url.Authority, StringComparison.Ordinal),
        });
        await using var upstream = To(started, ServerTransport.Sse);

        var (session, _) = await OpenAsync(upstream, Limit);

        Assert.StartsWith("sse ", session, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lost_stream_ends_open_calls_without_a_response_and_the_session(bool isClean)
    {
        await using var server = await SseServer.StartAsync(new SseServer
        {
            Receive = async (stream, message, _) =>
            {
                if ((string?)message["method"] != "tools/call")
                    return await stream.RespondAsync(message);
                (isClean ? (Action)stream.End : stream.Abort)();
                return true;
            },
        });
        await using var upstream = To(server, ServerTransport.Sse);
        var (session, _) = await OpenAsync(upstream, Limit);

        var error = await Assert.ThrowsAsync<UpstreamException>(
            () => upstream.SendAsync(Post(Call, session), Limit));
        using var next = await upstream.SendAsync(Post(Call, session), Limit);
        using var stream = await upstream.SendAsync(Get(session), Limit);

        Assert.Equal((UpstreamFailure.Ended, true, true), (error.Failure, error.WasWritten, error.LostResponse));
        Assert.Equal((404, 404), (next.StatusCode, stream.StatusCode));
        Assert.Equal(0, ((HttpStatus)upstream.Status).Sse!.Sessions);
        var (again, _) = await OpenAsync(upstream, Limit);
        Assert.NotEqual(session, again);
    }

    [Fact]
    public async Task Session_of_another_frontend_gets_404_and_nothing_is_sent()
    {
        await using var server = await SseServer.StartAsync();
        await using var holder = To(server);
        await using var other = To(server);
        var (session, _) = await OpenAsync(holder, Limit);
        var sent = server.Requests.Count;

        using var answer = await other.SendAsync(Post(Call, session), Limit);

        Assert.Equal((404, sent), (answer.StatusCode, server.Requests.Count));
    }

    [Fact]
    public async Task Session_that_the_server_does_not_know_any_more_gets_404()
    {
        var isForgotten = false;
        await using var server = await SseServer.StartAsync(new SseServer
        {
            Receive = (stream, message, context) =>
            {
                if (!isForgotten)
                    return stream.RespondAsync(message);
                context.Response.StatusCode = 404;
                return Task.FromResult(false);
            },
        });
        await using var upstream = To(server, ServerTransport.Sse);
        var (session, _) = await OpenAsync(upstream, Limit);
        var opened = await server.Opened.Reader.ReadAsync(Limit);
        isForgotten = true;

        using var answer = await upstream.SendAsync(Post(Call, session), Limit);

        Assert.Equal(404, answer.StatusCode);
        await opened.Ended.WaitAsync(Limit);
    }
}
