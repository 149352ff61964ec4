namespace Gateway.Server.Tests.Admin;

/// <summary>A frontend that begins to send its record and never ends; to all else it has nothing.</summary>
internal sealed class EndlessFrontend : IAsyncDisposable
{
    private LoopbackServer? _server;
    private int _open;

    public Uri Url => _server!.Url;

    /// <summary>How many wait for its record.</summary>
    public int Open => Volatile.Read(ref _open);

    public static async Task<EndlessFrontend> StartAsync()
    {
        var frontend = new EndlessFrontend();
        frontend._server = await LoopbackServer.StartAsync(frontend.AnswerAsync);
        return frontend;
    }

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        if (!http.Request.Path.Value!.EndsWith("/audit/recording", StringComparison.Ordinal))
        {
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync("""{"items":[]}""");
            return;
        }

        Interlocked.Increment(ref _open);
        try
        {
            // Each is another process as far as anybody can tell.
            await http.Response.WriteAsync($"{{\"kind\":\"recording\",\"instance\":\"{Guid.NewGuid()}\"}}\n");
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
            do
            {
                // One that says nothing at all is given up after a while.
                await http.Response.WriteAsync("{\"kind\":\"event\"}\n", http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
            }
            while (await timer.WaitForNextTickAsync(http.RequestAborted));
        }
        catch (OperationCanceledException)
        {
            // Nobody waits any more.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}
