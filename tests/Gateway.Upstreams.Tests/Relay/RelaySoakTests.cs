namespace Gateway.Upstreams.Tests.Relay;

/// <summary>Streams opened and dropped in every way; <c>GATEWAY_FULL=1</c> makes it 10,000.</summary>
public class RelaySoakTests
{
    private static readonly int Rounds = Requirements.AreFull ? 10_000 : 300;

    private int _open;
    private int _relays;

    [Fact]
    public async Task Leaves_no_stream_open_and_no_memory_behind()
    {
        var slots = new StreamLimiter(int.MaxValue);
        await using var server = await LoopbackServer.StartAsync(ServeAsync);
        await using var upstream = UpstreamFixture.To(server.Url);
        await using var front = await LoopbackServer.StartAsync(context => RelayAsync(context, upstream, slots));

        await RunAsync(front.Url, Rounds / 3);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await RunAsync(front.Url, Rounds - (Rounds / 3));
        SpinWait.SpinUntil(() => Volatile.Read(ref _open) + Volatile.Read(ref _relays) == 0, Soon.AtMost);
        var after = GC.GetTotalMemory(forceFullCollection: true);

        Assert.Equal((0, 0, 0), (_open, _relays, slots.Open));
        Assert.InRange(after - before, long.MinValue, 16 * 1024 * 1024);
    }

    private static async Task RunAsync(Uri front, int rounds) => await Parallel.ForEachAsync(
        Enumerable.Range(0, rounds),
        new ParallelOptions { MaxDegreeOfParallelism = 16 },
        async (round, _) => await OneAsync(front, round));

    // Left after the head, left in the middle, read to the end; the server ends well, breaks off or never ends.
    private static async Task OneAsync(Uri front, int round)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, front.Port);
        var stream = client.GetStream();
        var way = (round % 3) switch { 0 => "end", 1 => "break", _ => "stay" };
        var request = $"GET /{way} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        // A stream that stays has only its head for sure: its events may come with it.
        var reads = way == "stay" ? 1 : (round / 3 % 3) switch { 0 => 1, 1 => 2, _ => int.MaxValue };
        var buffer = new byte[4096];
        try
        {
            while (reads-- > 0 && await stream.ReadAsync(buffer) > 0)
            {
                // One more piece.
            }
        }
        catch (IOException)
        {
            // Broken off, as asked for.
        }

        if (round % 2 == 0)
            client.Client.LingerState = new LingerOption(true, 0);
    }

    private async Task ServeAsync(HttpContext context)
    {
        Interlocked.Increment(ref _open);
        try
        {
            context.Response.ContentType = "text/event-stream";
            for (var i = 0; i < 3; i++)
            {
                await context.Response.WriteAsync($"data: {{\"i\":{i}}}\n\n");
                await context.Response.Body.FlushAsync();
            }

            if (context.Request.Headers["Mcp-Method"] == "break")
                context.Abort();
            else if (context.Request.Headers["Mcp-Method"] == "stay")
                await GoneAsync(context);
        }
        catch (OperationCanceledException)
        {
            // The gateway let the stream go.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private static async Task GoneAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(() => gone.TrySetResult());
        await gone.Task;
    }

    private async Task RelayAsync(HttpContext context, HttpUpstream upstream, StreamLimiter slots)
    {
        Interlocked.Increment(ref _relays);
        using var slot = slots.TryEnter("g");
        try
        {
            var headers = new HeaderDictionary { ["Mcp-Method"] = context.Request.Path.Value![1..] };
            var request = new UpstreamRequest { Method = HttpMethod.Get, ClientHeaders = headers, CallId = "c" };
            var answer = await upstream.SendAsync(request, context.RequestAborted);
            await ResponseRelay.CopyAsync(
                answer, context, new RelayPlan { ListFilter = new HidingListFilter() }, default);
        }
        catch (Exception left) when (left is OperationCanceledException or UpstreamException)
        {
            // The client left, or the server broke off, before the head of an answer was there.
        }
        finally
        {
            Interlocked.Decrement(ref _relays);
        }
    }
}
