namespace Gateway.Server.Tests.Features;

/// <summary>
/// Sessions opened and dropped in every way through a whole gateway; <c>GATEWAY_FULL=1</c> makes it 10,000.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class SessionSoakTests(ITestOutputHelper output) : IDisposable
{
    private const int Ways = 8;
    private const long GrowthMax = 8 * 1024 * 1024;
    private const string Initialize = """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";
    private static readonly int Sessions = Requirements.AreFull ? 10_000 : 500;

    // Without draining: a client that leaves is gone at once.
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, MaxResponseDrainSize = 0 })
    {
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.Agent) },
    };

    private SoakServer _server = null!;
    private TestGateway _gateway = null!;
    private int _refused;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Leaves_no_stream_and_no_call_open_and_no_memory_behind()
    {
        await using var recording = await RecordingServer.StartAsync();
        _server = new SoakServer(recording);
        recording.Answer = _server.AnswerAsync;
        await using var gateway = _gateway = await TestGateway.StartAsync(
            recording, """{ "version": "1", "default": "allow" }""");

        await RunAsync(0, Sessions / 2);
        await UntilIdleAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await RunAsync(Sessions / 2, Sessions);
        await UntilIdleAsync();
        var after = GC.GetTotalMemory(forceFullCollection: true);

        output.WriteLine($"{Sessions} sessions, heap {before:N0} bytes after half, {after:N0} at the end");
        output.WriteLine($"{_refused} streams refused until another was noticed to have ended");
        Assert.InRange(after - before, long.MinValue, GrowthMax);
    }

    private Task RunAsync(int from, int to) => Parallel.ForEachAsync(
        Enumerable.Range(from, to - from),
        new ParallelOptions { MaxDegreeOfParallelism = 8 },
        async (round, _) => await DropAsync(round, await OpenAsync()));

    private async Task DropAsync(int round, string session)
    {
        switch (round % Ways)
        {
            case 0:
                using (var ended = await SendAsync(HttpMethod.Delete, session))
                    Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
                break;
            case 1: // Abandoned.
                break;
            case 2:
                await LeaveStreamAsync(() => SendAsync(HttpMethod.Get, session));
                break;
            case 3:
                await LeaveStreamAsync(() => SendAsync(HttpMethod.Post, session, Legacy($"stream-{round}")));
                _server.Left($"stream-{round}");
                break;
            case 4:
                await LeaveStreamAsync(() => SendAsync(HttpMethod.Post, null, Stateless($"stream-{round}")));
                break;
            case 5:
                await LeaveUnansweredAsync(session, Legacy($"silent-{round}"));
                _server.Left($"silent-{round}");
                break;
            case 6:
                await LeaveUnansweredAsync(null, Stateless($"silent-{round}"));
                break;
            default:
                await OpenAsync(session);
                break;
        }
    }

    private async Task<string> OpenAsync(string? former = null)
    {
        using var response = await SendAsync(HttpMethod.Post, former, Initialize);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response.Headers.GetValues("Mcp-Session-Id").Single();
    }

    /// <summary>Reads into the stream, whose event never ends, and goes.</summary>
    private async Task LeaveStreamAsync(Func<Task<HttpResponseMessage>> send)
    {
        using var response = await OnceThereIsRoomAsync(send);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await using var body = await response.Content.ReadAsStreamAsync();
        Assert.NotEqual(0, await body.ReadAsync(new byte[64]));
    }

    /// <summary>A place is given back a moment after its client has left, so that 32 may be waited for.</summary>
    private async Task<HttpResponseMessage> OnceThereIsRoomAsync(Func<Task<HttpResponseMessage>> send)
    {
        HttpResponseMessage response = null!;
        await Soon.UntilAsync(
            async () =>
            {
                response = await send();
                if (response.StatusCode != HttpStatusCode.TooManyRequests)
                    return true;
                response.Dispose();
                Interlocked.Increment(ref _refused);
                return false;
            },
            "there is room for a stream");
        return response;
    }

    /// <summary>Goes once the server has the call, which has answered nothing.</summary>
    private async Task LeaveUnansweredAsync(string? session, string body)
    {
        using var leave = new CancellationTokenSource();
        var answer = SendAsync(HttpMethod.Post, session, body, leave.Token);
        var key = body[body.IndexOf("silent-", StringComparison.Ordinal)..];
        await _server.ReceivedAsync(key[..key.IndexOf('"', StringComparison.Ordinal)]);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string? session, string? body = null, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(method, _gateway.Endpoint);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (session is not null)
            request.Headers.Add("Mcp-Session-Id", session);
        if (body is not null)
            request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        if (body is not null && session is null && body != Initialize)
        {
            request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
            request.Headers.Add("Mcp-Method", "tools/call");
            request.Headers.Add("Mcp-Name", "slow");
        }

        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>Waits until all is closed; that it does, within the bound, is the point.</summary>
    private async Task UntilIdleAsync()
    {
        await Soon.UntilAsync(() => _server.Open == 0, "the server's answers are closed");
        await Soon.UntilAsync(async () => await OpenInGatewayAsync() == (0, 0), "streams and calls are closed");
    }

    private async Task<(double Streams, double Calls)> OpenInGatewayAsync()
    {
        var text = await _client.GetStringAsync(new Uri(_gateway.Address, "/metrics"));
        return (Value("gateway_streams_open"), Value("gateway_calls_open"));

        double Value(string family) => text.Split('\n')
            .Where(line => line.StartsWith(family, StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    private static string Legacy(string key) => Call(key, "{}");

    private static string Stateless(string key) => Call(key, """
        {"io.modelcontextprotocol/protocolVersion":"2026-07-28",
        "io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},
        "io.modelcontextprotocol/clientCapabilities":{}}
        """);

    private static string Call(string key, string meta) => $$$$"""
        {"jsonrpc":"2.0","id":1,"method":"tools/call",
        "params":{"name":"slow","arguments":{"key":"{{{{key}}}}"},"_meta":{{{{meta}}}} }}
        """;
}
