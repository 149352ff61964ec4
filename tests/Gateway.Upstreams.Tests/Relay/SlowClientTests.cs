namespace Gateway.Upstreams.Tests.Relay;

public class SlowClientTests
{
    private const int Offered = 256 * 1024 * 1024;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_stops_reading_stops_its_server_and_nobody_else(bool isInspected)
    {
        var gone = new TaskCompletionSource();
        var written = 0L;
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            context.RequestAborted.Register(() => gone.TrySetResult());
            context.Response.ContentType = "text/event-stream";
            var chunk = System.Text.Encoding.ASCII.GetBytes("data: {\"a\":\"" + new string('a', 65_000) + "\"}\n\n");
            while (Interlocked.Read(ref written) < Offered && !context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(chunk);
                await context.Response.Body.FlushAsync();
                Interlocked.Add(ref written, chunk.Length);
            }
        });
        await using var quick = await LoopbackServer.StartAsync(_ => Task.CompletedTask);
        var plan = isInspected ? new RelayPlan { ListFilter = new HidingListFilter() } : RelayPlan.PassThrough;
        await using var front = await RelayFront.StartAsync(server.Url, plan);
        await using var other = await RelayFront.StartAsync(quick.Url, plan);
        using (var client = new TcpClient { ReceiveBufferSize = 4096 })
        {
            await client.ConnectAsync(IPAddress.Loopback, front.Url.Port);
            await client.GetStream().WriteAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"u8.ToArray());

            await Soon.UntilAsync(() => Interlocked.Read(ref written) > 0, "the server began");
            // The others' calls are the clock: time enough to pass on everything, were the client's pace not heeded.
            for (var i = 0; i < 300; i++)
                await other.PostTextAsync();
            Assert.InRange(Interlocked.Read(ref written), 1, 64 * 1024 * 1024);
        }

        await gone.Task.WaitAsync(Soon.AtMost);
        Assert.Equal(RelayEnd.ClientGone, (await front.Outcome).End);
    }
}
