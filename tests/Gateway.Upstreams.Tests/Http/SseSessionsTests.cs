using Gateway.Control.Snapshots;
using static Gateway.Upstreams.Tests.Http.SseFixture;

namespace Gateway.Upstreams.Tests.Http;

/// <summary>The messages and the bounds of sessions over HTTP+SSE.</summary>
public sealed class SseSessionsTests : IDisposable
{
    private readonly CancellationTokenSource _limit = new(Soon.AtMost);

    private CancellationToken Limit => _limit.Token;

    public void Dispose() => _limit.Dispose();

    [Fact]
    public async Task Response_counts_where_the_POST_never_ends_and_never_before_the_call_was_written()
    {
        var isWritten = new TaskCompletionSource();
        await using var server = await SseServer.StartAsync(new SseServer
        {
            Receive = async (stream, message, context) =>
            {
                await stream.RespondAsync(message);
                if ((string?)message["method"] == "tools/call")
                {
                    isWritten.TrySetResult();
                    await stream.Ended.WaitAsync(context.RequestAborted).ConfigureAwait(
                        ConfigureAwaitOptions.SuppressThrowing);
                }

                return true;
            },
        });
        await using var upstream = To(server, ServerTransport.Sse);
        var (session, _) = await OpenAsync(upstream, Limit);
        var stream = await server.Opened.Reader.ReadAsync(Limit);
        var request = Post(Call, session, before: async _ =>
        {
            await stream.MessageAsync("""{"jsonrpc":"2.0","id":7,"result":{"of":"a guess"}}""");
            // The next message of the stream proves that the guess was read.
            await stream.MessageAsync("""{"jsonrpc":"2.0","id":8,"method":"ping"}""");
        });

        var answer = await upstream.SendAsync(request, Limit);

        Assert.True(request.WasWritten);
        Assert.Contains("a guess", await TextAsync(answer), StringComparison.Ordinal);
        await isWritten.Task.WaitAsync(Limit);
    }

    [Fact]
    public async Task Messages_of_the_server_reach_the_call_and_the_session_s_stream_on_one_line_each()
    {
        await using var server = await SseServer.StartAsync(new SseServer
        {
            Receive = async (stream, message, _) =>
            {
                if ((string?)message["method"] == "tools/call")
                {
                    await stream.SendAsync(": comment\n\nevent: endpoint\ndata: http://evil.example/\n\n");
                    await stream.SendAsync("event: ping\ndata: {}\n\n");
                    await stream.SendAsync(
                        "data: {\"jsonrpc\":\"2.0\",\r\ndata: \"method\":\"notifications/message\"}\r\n\r\n");
                }

                return await stream.RespondAsync(message);
            },
        });
        await using var upstream = To(server, ServerTransport.Sse);
        var (session, _) = await OpenAsync(upstream, Limit);

        var answer = await TextAsync(await upstream.SendAsync(Post(Call, session), Limit));
        using var stream = await upstream.SendAsync(Get(session), Limit);
        using var conflict = await upstream.SendAsync(Get(session), Limit);
        var opened = await server.Opened.Reader.ReadAsync(Limit);
        await opened.MessageAsync("""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""");
        using var lines = new StreamReader(stream.Body);

        Assert.Equal("""
            event: message
            data: {"jsonrpc":"2.0", "method":"notifications/message"}

            event: message
            data: {"jsonrpc":"2.0","id":7,"result":{"protocolVersion":"2024-11-05","of":"tools/call"}}


            """, answer);
        Assert.Equal(409, conflict.StatusCode);
        Assert.Equal("event: message", await lines.ReadLineAsync(Limit));
        Assert.Equal(
            """data: {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""",
            await lines.ReadLineAsync(Limit));
    }

    [Fact]
    public async Task Refused_POST_is_the_answer_and_the_session_goes_on()
    {
        var refuses = true;
        await using var server = await SseServer.StartAsync(new SseServer
        {
            Receive = async (stream, message, context) =>
            {
                if (!refuses || (string?)message["method"] != "tools/call")
                    return await stream.RespondAsync(message);
                refuses = false;
                context.Response.StatusCode = 500;
                await context.Response.WriteAsync("<p>broken</p>");
                return false;
            },
        });
        await using var upstream = To(server, ServerTransport.Sse);
        var (session, _) = await OpenAsync(upstream, Limit);

        using var refused = await upstream.SendAsync(Post(Call, session), Limit);
        using var second = await upstream.SendAsync(Post(Call, session), Limit);

        Assert.Equal((500, 200), (refused.StatusCode, second.StatusCode));
    }

    [Fact]
    public async Task Event_beyond_the_bound_ends_the_session()
    {
        await using var server = await SseServer.StartAsync(new SseServer
        {
            Receive = async (stream, message, _) =>
            {
                if ((string?)message["method"] != "tools/call")
                    return await stream.RespondAsync(message);
                await stream.SendAsync($"data: {new string(' ', 70_000)}\n\n");
                return true;
            },
        });
        await using var upstream = To(
            server, ServerTransport.Sse, static options => options with { EventBytesMax = 64 * 1024 });
        var (session, _) = await OpenAsync(upstream, Limit);

        var error = await Assert.ThrowsAsync<UpstreamException>(() => upstream.SendAsync(Post(Call, session), Limit));
        using var next = await upstream.SendAsync(Post(Call, session), Limit);

        Assert.Equal("the server sent an event of more than 65536 bytes.", error.Message);
        Assert.Equal((true, 404), (error.LostResponse, next.StatusCode));
    }

    [Fact]
    public async Task Delete_the_end_of_the_grant_and_of_the_upstream_close_the_stream()
    {
        await using var server = await SseServer.StartAsync();
        var upstream = To(server, ServerTransport.Sse);
        using var grant = new CancellationTokenSource();
        var (deleted, _) = await OpenAsync(upstream, Limit);
        using var ofGrant = await upstream.SendAsync(Post(Initialize, ended: grant.Token), Limit);
        var (_, _) = await OpenAsync(upstream, Limit);
        var streams = new List<SseConnection>();
        for (var i = 0; i < 3; i++)
            streams.Add(await server.Opened.Reader.ReadAsync(Limit));

        using var ended = await upstream.SendAsync(new UpstreamRequest
        {
            Method = HttpMethod.Delete,
            ClientHeaders = new HeaderDictionary(),
            CallId = "0123456789abcdef0123456789abcdef",
            SessionId = deleted,
        }, Limit);
        await streams[0].Ended.WaitAsync(Limit);
        await grant.CancelAsync();
        await streams[1].Ended.WaitAsync(Limit);
        await upstream.DisposeAsync();
        await streams[2].Ended.WaitAsync(Limit);

        Assert.Equal(200, ended.StatusCode);
    }

    [Fact]
    public async Task Session_that_nobody_uses_ends()
    {
        await using var server = await SseServer.StartAsync();
        await using var upstream = To(server, ServerTransport.Sse, static options => options with
        {
            SessionUnconfirmedMax = TimeSpan.FromMilliseconds(1),
        });
        var (session, _) = await OpenAsync(upstream, Limit);
        var stream = await server.Opened.Reader.ReadAsync(Limit);

        await stream.Ended.WaitAsync(Limit);

        using var answer = await upstream.SendAsync(Post(Call, session), Limit);
        Assert.Equal(404, answer.StatusCode);
    }

    [Fact]
    public async Task Idle_session_makes_room_and_a_busy_one_does_not()
    {
        await using var server = await SseServer.StartAsync(new SseServer
        {
            Receive = static async (stream, message, _) =>
                (string?)message["method"] == "tools/call" || await stream.RespondAsync(message),
        });
        await using var upstream = To(server, ServerTransport.Sse, static options => options with
        {
            SessionsPerCallerMax = 1,
            SessionsMax = 2,
            SessionMakeRoomAfter = TimeSpan.FromTicks(1),
        });
        var (first, _) = await OpenAsync(upstream, Limit);
        var (second, _) = await OpenAsync(upstream, Limit);
        using var evicted = await upstream.SendAsync(Post(Call, first), Limit);
        using var end = new CancellationTokenSource();
        var busy = upstream.SendAsync(Post(Call, second), end.Token);
        var (_, _) = await OpenAsync(upstream, Limit, "another");

        var error = await Assert.ThrowsAsync<UpstreamException>(
            () => upstream.SendAsync(Post(Initialize), Limit));
        var (_, _) = await OpenAsync(upstream, Limit, "third");

        Assert.Equal((404, UpstreamFailure.AtBound, false), (evicted.StatusCode, error.Failure, error.WasWritten));
        Assert.Equal(new SseStatus(false, 2, 2), ((HttpStatus)upstream.Status).Sse);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => busy);
        // The server hears of it as over any other transport.
        await Soon.UntilAsync(
            () => server.Requests.Any(
                static one => one.Body.Contains("notifications/cancelled", StringComparison.Ordinal)),
            "the server was told");
    }
}
