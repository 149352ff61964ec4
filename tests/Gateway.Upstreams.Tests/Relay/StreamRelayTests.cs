namespace Gateway.Upstreams.Tests.Relay;

public class StreamRelayTests
{
    private const string Head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    private const string Hidden = """{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"x"},{"name":"a"}]}}""";

    private static readonly RelayPlan Lists = new() { ListFilter = new HidingListFilter("x"), ServerName = "afip" };

    [Fact]
    public async Task Passes_each_event_when_it_comes()
    {
        var go = new SemaphoreSlim(0);
        await using var server = await Events(async (context, write) =>
        {
            for (var i = 0; i < 3; i++)
            {
                await go.WaitAsync(context.RequestAborted);
                await write($"data: {i}\n\n");
            }
        });
        await using var front = await RelayFront.StartAsync(server.Url, RelayPlan.PassThrough);

        using var answer = await front.PostAsync();
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        for (var i = 0; i < 3; i++)
        {
            go.Release();
            Assert.Equal($"data: {i}", await reader.ReadLineAsync());
            Assert.Equal("", await reader.ReadLineAsync());
        }

        Assert.Null(await reader.ReadLineAsync());
        Assert.Equal(RelayEnd.Completed, (await front.Outcome).End);
    }

    [Fact]
    public async Task Filters_lists_in_events_and_passes_all_else_byte_for_byte()
    {
        const string Stream =
            "\uFEFF: hello\r\n\r\nid: 1\r\ndata: \r\nretry: 10\r\n\r\n"
            + "event: message\nid: 2\n"
            + "data: {\"method\":\"notifications/x\",\"params\":{\"tools\":[{\"name\":\"x\"}]}}\n\n"
            + "event: message\nid: 3\ndata: " + Hidden + "\nretry: 5\n\n: bye\n\n";
        var expected = Stream.Replace(Hidden, """{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"a"}]}}""");
        await using var server = await Events((_, write) => write(Stream));
        await using var front = await RelayFront.StartAsync(server.Url, Lists);

        using var answer = await front.PostAsync();
        Assert.Equal(Encoding.UTF8.GetBytes(expected), await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData(
        "data: {\"result\":\ndata: {\"tools\":[{\"name\":\"x\"}]}}\n\n",
        "data: {\"result\":\ndata: {\"tools\":[]}}\n\n")]
    [InlineData("data: [{\"result\":{\"tools\":[{\"name\":\"x\"}]}}]\r\r", "data: [{\"result\":{\"tools\":[]}}]\r\r")]
    [InlineData("data: {\"result\":{\"prompts\":[{\"name\":\"x\"}]}}", "data: {\"result\":{\"prompts\":[]}}\n")]
    public async Task Filters_lists_in_every_shape_that_an_event_can_have(string stream, string expected)
    {
        await using var server = await Events(async (_, write) =>
        {
            foreach (var letter in stream)
                await write(letter.ToString());
        });
        await using var front = await RelayFront.StartAsync(server.Url, Lists);

        Assert.Equal((HttpStatusCode.OK, expected), await front.PostTextAsync());
    }

    [Theory]
    [InlineData("event: endpoint\ndata: /messages?session=1\n\n")]
    [InlineData("data: {\"result\":{\"tools\":[{\"name\":\"x\"}]}\n\n")]
    public async Task Aborts_a_stream_with_an_event_that_cannot_be_filtered(string stream)
    {
        await using var server = await Events((_, write) => write(stream));
        await using var front = await RelayFront.StartAsync(server.Url, Lists);

        await Assert.ThrowsAsync<HttpRequestException>(front.PostTextAsync);
        Assert.Equal(RelayEnd.Refused, (await front.Outcome).End);
    }

    [Fact]
    public async Task Aborts_a_stream_with_an_event_over_the_bound()
    {
        await using var server = await Events(async (_, write) =>
        {
            var chunk = "data: " + new string('a', 1024 * 1024) + "\n";
            for (var i = 0; i < 18; i++)
                await write(chunk);
        });
        await using var front = await RelayFront.StartAsync(server.Url, Lists);

        await Assert.ThrowsAsync<HttpRequestException>(front.PostTextAsync);
        Assert.Equal(RelayEnd.Refused, (await front.Outcome).End);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"isError":true}}""", true)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}}""", false)]
    public async Task Reports_the_end_of_a_response_before_its_event_passes(string answerText, bool isError)
    {
        await using var server = await Events(async (_, write) =>
        {
            await write("data: {\"method\":\"notifications/message\",\"params\":{}}\n\n");
            await write("data: {\"id\":9,\"method\":\"sampling/createMessage\",\"params\":{}}\n\n");
            await write($"data: {answerText}\n\n");
        });
        var ends = new List<bool>();
        var plan = new RelayPlan
        {
            RequestId = "1"u8.ToArray(),
            BeforeEnd = (error, _) =>
            {
                ends.Add(error);
                return ValueTask.CompletedTask;
            },
        };
        await using var front = await RelayFront.StartAsync(server.Url, plan);

        await front.PostTextAsync();

        Assert.Equal([isError], ends);
    }

    [Theory]
    [InlineData(Head + "9\r\ndata: 1\n\n\r\n")]
    [InlineData(Head + "9\r\ndata: 1\n\n\r\n5\r\nda")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{\"jsonrpc\":")]
    public async Task An_answer_that_the_server_breaks_off_never_ends_cleanly(string text)
    {
        var ends = new List<bool>();
        foreach (var isInspected in new[] { false, true })
        {
            await using var server = RawServer.Saying(text);
            var plan = isInspected ? Lists : RelayPlan.PassThrough;
            plan = plan with { BeforeEnd = isInspected ? OnEnd : null };
            await using var front = await RelayFront.StartAsync(server.Url, plan);

            var isClean = false;
            try
            {
                using var answer = await front.PostAsync();
                isClean = answer.IsSuccessStatusCode;
                await answer.Content.ReadAsByteArrayAsync();
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException)
            {
                isClean = false;
            }

            Assert.False(isClean);
            Assert.Equal(RelayEnd.UpstreamBroken, (await front.Outcome).End);
        }

        Assert.Empty(ends);

        ValueTask OnEnd(bool isError, ReadOnlyMemory<byte> answer)
        {
            ends.Add(isError);
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task A_stateless_client_that_leaves_cancels_the_call_at_once()
    {
        var gone = new TaskCompletionSource();
        await using var server = await OpenStream(gone, "data: 1\n\n");
        await using var front = await RelayFront.StartAsync(server.Url, new RelayPlan { EndsWithClient = true });

        await ReadAndLeaveAsync(front);

        await gone.Task.WaitAsync(Soon.AtMost);
        Assert.Equal(RelayEnd.ClientGone, (await front.Outcome).End);
    }

    [Fact]
    public async Task A_legacy_client_that_leaves_cancels_nothing()
    {
        var go = new TaskCompletionSource();
        var finished = new TaskCompletionSource<bool>();
        await using var server = await Events(async (context, write) =>
        {
            await write("data: 1\n\n");
            await go.Task;
            await write("data: 2\n\n");
            finished.SetResult(!context.RequestAborted.IsCancellationRequested);
        });
        await using var front = await RelayFront.StartAsync(server.Url, new RelayPlan { EndsWithClient = false });

        await ReadAndLeaveAsync(front);
        go.SetResult();

        Assert.True(await finished.Task);
        Assert.True((await front.Outcome).End is RelayEnd.ClientGone or RelayEnd.Completed);
    }

    [Fact]
    public async Task A_legacy_stream_that_can_be_resumed_is_let_go_with_its_client()
    {
        var gone = new TaskCompletionSource();
        await using var server = await OpenStream(gone, "id: 1\ndata: \n\n");
        await using var front = await RelayFront.StartAsync(server.Url, new RelayPlan { EndsWithClient = false });

        await ReadAndLeaveAsync(front);

        await gone.Task.WaitAsync(Soon.AtMost);
    }

    [Fact]
    public async Task Idle_stream_gets_a_comment_after_each_interval()
    {
        var time = new FakeTimeProvider();
        var plan = new RelayPlan { Time = time };
        await using var server = await OpenStream(new TaskCompletionSource(), "data: 1\n\n");
        await using var front = await RelayFront.StartAsync(server.Url, plan);
        using var answer = await front.PostAsync();
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal("data: 1", await reader.ReadLineAsync());
        Assert.Equal("", await reader.ReadLineAsync());

        for (var i = 0; i < 2; i++)
        {
            var comment = reader.ReadLineAsync();
            await Soon.UntilAsync(
                () =>
                {
                    time.Advance(plan.CommentEvery);
                    return comment.IsCompleted;
                },
                "a comment arrives");
            Assert.Equal(": keep-alive", await comment);
            Assert.Equal("", await reader.ReadLineAsync());
        }
    }

    [Fact]
    public async Task Legacy_stream_is_read_for_five_minutes_after_its_client_left()
    {
        var time = new FakeTimeProvider();
        var gone = new TaskCompletionSource();
        await using var server = await OpenStream(gone, "data: 1\n\n");
        await using var front = await RelayFront.StartAsync(
            server.Url, new RelayPlan { EndsWithClient = false, Time = time });

        await ReadAndLeaveAsync(front);

        await Soon.UntilAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMinutes(5));
                return gone.Task.IsCompleted;
            },
            "the stream is left");
    }

    [Fact]
    public async Task A_legacy_stream_without_an_end_is_not_read_on_without_its_client()
    {
        var gone = new TaskCompletionSource();
        var written = 0L;
        var again = $"data: {new string('x', 64 * 1024)}\n\n";
        await using var server = await Events(async (context, write) =>
        {
            context.RequestAborted.Register(() => gone.TrySetResult());
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
            while (!gone.Task.IsCompleted && written < 1L << 30)
            {
                await write(again);
                written += again.Length;
                // Beyond what sockets hold it leaves threads to whoever has to hear that the client has gone: all of
                // this is one process, and two loops that never wait are all the threads of its pool on two cores.
                if (written > 16 << 20)
                    await pace.WaitForNextTickAsync();
            }
        });
        await using var front = await RelayFront.StartAsync(server.Url, new RelayPlan { EndsWithClient = false });

        await ReadAndLeaveAsync(front);

        await gone.Task.WaitAsync(Soon.AtMost);
        Assert.Equal(RelayEnd.ClientGone, (await front.Outcome).End);
        Assert.InRange(written, 1, 256L << 20);
    }

    [Fact]
    public async Task Stopping_ends_an_open_stream_on_both_sides()
    {
        var gone = new TaskCompletionSource();
        using var stop = new CancellationTokenSource();
        await using var server = await OpenStream(gone, "data: 1\n\n");
        await using var front = await RelayFront.StartAsync(
            server.Url, Lists with { ListFilter = null }, stopping: stop.Token);
        using var answer = await front.PostAsync();
        var body = await answer.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[9]);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<IOException>(async () => await body.ReadExactlyAsync(new byte[1]));
        await gone.Task.WaitAsync(Soon.AtMost);
        Assert.Equal(RelayEnd.Stopped, (await front.Outcome).End);
    }

    private static async Task ReadAndLeaveAsync(RelayFront front)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, front.Url.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        var text = "";
        var buffer = new byte[4096];
        while (!text.Contains("data: ", StringComparison.Ordinal))
            text += Encoding.Latin1.GetString(buffer, 0, await stream.ReadAsync(buffer));
        socket.Client.LingerState = new LingerOption(true, 0);
    }

    private static Task<LoopbackServer> OpenStream(TaskCompletionSource gone, string first) =>
        Events(async (context, write) =>
        {
            context.RequestAborted.Register(() => gone.TrySetResult());
            await write(first);
            await gone.Task;
        });

    private static Task<LoopbackServer> Events(Func<HttpContext, Func<string, Task>, Task> run) =>
        LoopbackServer.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync();
            await run(context, async text =>
            {
                await context.Response.WriteAsync(text);
                await context.Response.Body.FlushAsync();
            });
        });
}
