namespace Gateway.Upstreams.Tests.Relay;

/// <summary>A gateway of one line: every request is sent to the server and its answer relayed by the plan.</summary>
internal sealed class RelayFront : IAsyncDisposable
{
    private readonly HttpUpstream _upstream;
    private readonly TaskCompletionSource<RelayOutcome> _outcome = new();
    private LoopbackServer _front = null!;

    private RelayFront(Uri server) => _upstream = UpstreamFixture.To(server);

    public Task<RelayOutcome> Outcome => _outcome.Task.WaitAsync(Soon.AtMost);

    public Uri Url => _front.Url;

    /// <summary>Runs before each answer is relayed.</summary>
    public Action<HttpContext>? Prepare { get; init; }

    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false, MaxResponseDrainSize = 0 });

    public static async Task<RelayFront> StartAsync(
        Uri server, RelayPlan plan, Action<HttpContext>? prepare = null, CancellationToken stopping = default)
    {
        var front = new RelayFront(server) { Prepare = prepare };
        front._front = await LoopbackServer.StartAsync(context => front.PassAsync(context, plan, stopping));
        return front;
    }

    public Task<HttpResponseMessage> PostAsync() => Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, Url) { Content = new ByteArrayContent([]) },
        HttpCompletionOption.ResponseHeadersRead);

    public async Task<(HttpStatusCode Status, string Body)> PostTextAsync()
    {
        using var answer = await PostAsync();
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _front.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    private async Task PassAsync(HttpContext context, RelayPlan plan, CancellationToken stopping)
    {
        try
        {
            Prepare?.Invoke(context);
            var answer = await _upstream.SendAsync(UpstreamFixture.Post(), CancellationToken.None);
            _outcome.TrySetResult(await ResponseRelay.CopyAsync(answer, context, plan, stopping));
        }
        catch (Exception error)
        {
            _outcome.TrySetException(error);
            throw;
        }
    }
}
