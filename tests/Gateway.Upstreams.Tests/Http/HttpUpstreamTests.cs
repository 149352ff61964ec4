namespace Gateway.Upstreams.Tests.Http;

public class HttpUpstreamTests
{
    [Fact]
    public async Task Sends_the_evaluated_bytes_and_only_the_headers_of_the_protocol()
    {
        var seen = new ConcurrentDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var body = "";
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            foreach (var (name, value) in context.Request.Headers)
                seen[name] = value.ToString();
            using var reader = new StreamReader(context.Request.Body);
            body = await reader.ReadToEndAsync();
            await context.Response.WriteAsync("{}");
        });
        await using var upstream = UpstreamFixture.To(server.Url, ("Authorization", "Bearer upstream"));
        using var parent = new System.Diagnostics.Activity("call").Start();

        using var answer = await upstream.SendAsync(
            UpstreamFixture.Post(ClientHeaders(), session: "s-1", traceParent: "00-gateway"), default);

        Assert.Equal(200, answer.StatusCode);
        Assert.Equal(Encoding.UTF8.GetString(UpstreamFixture.Body), body);
        Assert.Equal(
            new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase)
            {
                ["Accept"] = "application/json, text/event-stream",
                ["Accept-Encoding"] = "identity",
                ["Authorization"] = "Bearer upstream",
                ["baggage"] = "b=1",
                ["Content-Length"] = UpstreamFixture.Body.Length.ToString(),
                ["Content-Type"] = "application/json",
                ["Host"] = server.Url.Authority,
                ["Mcp-Method"] = "ping",
                ["Mcp-Param-Region"] = "eu",
                ["MCP-Protocol-Version"] = "2025-11-25",
                ["Mcp-Session-Id"] = "s-1",
                ["Policy-Gateway-Call"] = "0123456789abcdef0123456789abcdef",
                ["traceparent"] = "00-gateway",
                ["tracestate"] = "t=1",
            }.ToArray(),
            [.. new SortedDictionary<string, string>(seen, StringComparer.OrdinalIgnoreCase)]);
    }

    [Fact]
    public async Task Forwards_the_client_s_traceparent_where_the_gateway_has_none()
    {
        var seen = "";
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            seen = context.Request.Headers.TraceParent.ToString();
            return Task.CompletedTask;
        });
        await using var upstream = UpstreamFixture.To(server.Url);

        (await upstream.SendAsync(UpstreamFixture.Post(ClientHeaders()), default)).Dispose();

        Assert.Equal("00-client", seen);
    }

    [Fact]
    public async Task Runs_the_check_once_when_the_connection_is_open_and_before_any_byte_of_the_body()
    {
        var checks = 0;
        var wasWritten = true;
        await using var server = new RawServer((_, stream) =>
            stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"u8.ToArray()).AsTask());
        await using var upstream = UpstreamFixture.To(server.Url);
        UpstreamRequest? request = null;
        request = UpstreamFixture.Post(before: _ =>
        {
            checks++;
            wasWritten = request!.WasWritten;
            return ValueTask.CompletedTask;
        });

        Assert.Equal("{}", await UpstreamFixture.TextAsync(await upstream.SendAsync(request, default)));
        Assert.Equal((1, false, true), (checks, wasWritten, request.WasWritten));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_check_that_throws_stops_the_call_with_nothing_written()
    {
        var received = new TaskCompletionSource<string>();
        await using var server = new RawServer((text, _) =>
        {
            received.TrySetResult(text);
            return Task.CompletedTask;
        });
        await using var upstream = UpstreamFixture.To(server.Url);
        var request = UpstreamFixture.Post(before: _ => throw new TimeZoneNotFoundException("expired"));

        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => upstream.SendAsync(request, default));

        Assert.False(request.WasWritten);
        Assert.DoesNotContain("jsonrpc", await received.Task, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Never_follows_a_redirect_and_never_sends_twice()
    {
        await using var other = await LoopbackServer.StartAsync(_ => throw new InvalidOperationException("reached"));
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Redirect(other.Url.ToString(), permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        });
        await using var upstream = UpstreamFixture.To(server.Url);

        using var answer = await upstream.SendAsync(UpstreamFixture.Post(), default);

        Assert.Equal(307, answer.StatusCode);
    }

    [Fact]
    public async Task Keeps_no_cookies_between_calls()
    {
        var cookies = new ConcurrentBag<string>();
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            cookies.Add(context.Request.Headers.Cookie.ToString());
            context.Response.Cookies.Append("a", "b");
            return Task.CompletedTask;
        });
        await using var upstream = UpstreamFixture.To(server.Url);

        for (var i = 0; i < 2; i++)
            (await upstream.SendAsync(UpstreamFixture.Post(), default)).Dispose();

        Assert.Equal(["", ""], cookies);
    }

    [Fact]
    public async Task A_refused_connection_says_that_nothing_was_written()
    {
        Uri free;
        await using (var server = RawServer.Saying(""))
            free = server.Url;
        await using var upstream = UpstreamFixture.To(free);

        var error = await Assert.ThrowsAsync<UpstreamException>(
            () => upstream.SendAsync(UpstreamFixture.Post(), default));

        Assert.Equal((UpstreamFailure.Connect, false), (error.Failure, error.WasWritten));
    }

    [Fact]
    public async Task A_server_that_never_answers_the_connection_is_given_up_in_time()
    {
        // A listener whose queue is full: connections to it neither open nor fail.
        using var listener = new System.Net.Sockets.Socket(
            System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        listener.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        listener.Listen(0);
        var port = ((System.Net.IPEndPoint)listener.LocalEndPoint!).Port;
        var fillers = Enumerable.Range(0, 4).Select(_ => new System.Net.Sockets.TcpClient()).ToArray();
        foreach (var filler in fillers)
            _ = filler.ConnectAsync(System.Net.IPAddress.Loopback, port);
        await using var upstream = new HttpUpstream(new HttpUpstreamOptions
        {
            Url = new Uri($"http://127.0.0.1:{port}/"),
            ConnectTimeout = TimeSpan.FromMilliseconds(200),
        });

        var error = await Assert.ThrowsAsync<UpstreamException>(
            () => upstream.SendAsync(UpstreamFixture.Post(), default));

        Assert.Equal((UpstreamFailure.ConnectTimeout, false), (error.Failure, error.WasWritten));
        foreach (var filler in fillers)
            filler.Dispose();
    }

    [Fact]
    public async Task A_plain_server_behind_https_is_a_tls_failure()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        await using var upstream = UpstreamFixture.To(new Uri($"https://{listener.LocalEndpoint}/"));
        var sending = upstream.SendAsync(UpstreamFixture.Post(), default);
        using (var client = await listener.AcceptTcpClientAsync())
            await client.GetStream().WriteAsync("HTTP/1.1 400 no\r\n\r\n"u8.ToArray());

        var error = await Assert.ThrowsAsync<UpstreamException>(() => sending);

        Assert.Equal((UpstreamFailure.Tls, false), (error.Failure, error.WasWritten));
    }

    [Theory]
    [InlineData("", UpstreamFailure.Broken)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-", UpstreamFailure.Broken)]
    [InlineData("SSH-2.0-OpenSSH_9\r\n\r\n", UpstreamFailure.InvalidAnswer)]
    public async Task An_answer_that_is_none_says_that_the_call_may_have_happened(string text, UpstreamFailure failure)
    {
        await using var server = RawServer.Saying(text);
        await using var upstream = UpstreamFixture.To(server.Url);

        var error = await Assert.ThrowsAsync<UpstreamException>(
            () => upstream.SendAsync(UpstreamFixture.Post(), default));

        Assert.Equal((failure, true), (error.Failure, error.WasWritten));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_reused_connection_that_dies_is_not_replaced_by_a_second_sending()
    {
        var requests = 0;
        await using var server = new RawServer(async (_, stream) =>
        {
            Interlocked.Increment(ref requests);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"u8.ToArray());
            var second = new byte[4096];
            if (await stream.ReadAsync(second) > 0)
                Interlocked.Increment(ref requests);
        });
        await using var upstream = UpstreamFixture.To(server.Url);
        await UpstreamFixture.TextAsync(await upstream.SendAsync(UpstreamFixture.Post(), default));
        var checks = 0;
        var request = UpstreamFixture.Post(before: _ =>
        {
            checks++;
            return ValueTask.CompletedTask;
        });

        var error = await Assert.ThrowsAsync<UpstreamException>(() => upstream.SendAsync(request, default));

        Assert.Equal((true, 1, 2), (error.WasWritten, checks, requests));
    }

    [Fact]
    public async Task Cancelling_while_the_answer_is_awaited_leaves_the_connection_at_once()
    {
        var gone = new TaskCompletionSource();
        var arrived = new TaskCompletionSource();
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            context.RequestAborted.Register(() => gone.TrySetResult());
            arrived.TrySetResult();
            await gone.Task;
        });
        await using var upstream = UpstreamFixture.To(server.Url);
        using var stop = new CancellationTokenSource();
        var request = UpstreamFixture.Post();
        var sending = upstream.SendAsync(request, stop.Token);
        await arrived.Task;

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.True(request.WasWritten);
        await gone.Task.WaitAsync(Soon.AtMost);
    }

    [Fact]
    public async Task Letting_an_open_stream_go_closes_its_connection_at_once()
    {
        var gone = new TaskCompletionSource();
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            context.RequestAborted.Register(() => gone.TrySetResult());
            await context.Response.WriteAsync("data: 1\n\n");
            await context.Response.Body.FlushAsync();
            await gone.Task;
        });
        await using var upstream = UpstreamFixture.To(server.Url);
        var answer = await upstream.SendAsync(UpstreamFixture.Post(), default);
        await answer.Body.ReadExactlyAsync(new byte[9]);

        answer.Dispose();

        await gone.Task.WaitAsync(Soon.AtMost);
    }

    private static HeaderDictionary ClientHeaders() => new()
    {
        ["Accept"] = "application/json, text/event-stream",
        ["Accept-Encoding"] = "gzip, br",
        ["Authorization"] = "Bearer grant",
        ["baggage"] = "b=1",
        ["Connection"] = "keep-alive, Mcp-Param-Hop",
        ["Content-Type"] = "application/json; charset=utf-8",
        ["Cookie"] = "a=b",
        ["Forwarded"] = "for=1.2.3.4",
        ["Host"] = "gateway",
        ["Keep-Alive"] = "5",
        ["Last-Event-ID"] = "e-1",
        ["Mcp-Method"] = "ping",
        ["Mcp-Param-Hop"] = "x",
        ["Mcp-Param-Region"] = "eu",
        ["MCP-Protocol-Version"] = "2025-11-25",
        ["Mcp-Session-Id"] = "client's",
        ["Origin"] = "http://localhost",
        ["Policy-Gateway-Call"] = "forged",
        ["Proxy-Authorization"] = "Basic x",
        ["TE"] = "trailers",
        ["traceparent"] = "00-client",
        ["tracestate"] = "t=1",
        ["Transfer-Encoding"] = "chunked",
        ["Upgrade"] = "websocket",
        ["User-Agent"] = "agent/1",
        ["X-Own"] = "1",
    };
}
