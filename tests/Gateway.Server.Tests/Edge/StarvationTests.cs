namespace Gateway.Server.Tests.Edge;

/// <summary>One grant's calls to a tool that hangs, and what is left of the server for the others.</summary>
public sealed class StarvationTests : IAsyncLifetime
{
    private const int PerGrantMax = 256;
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RecordingServer _server = null!;
    private TestGateway _gateway = null!;
    private int _hanging;
    private int _mostHanging;
    private bool _beginsAnswers;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _gateway = await TestGateway.StartAsync(_server, """{ "version": "1", "default": "allow" }""");
        var answer = _server.Answer;
        _server.Answer = async (http, request) =>
        {
            if (!request.Text.Contains("hang", StringComparison.Ordinal))
            {
                await answer(http, request);
                return;
            }

            InterlockedMax(ref _mostHanging, Interlocked.Increment(ref _hanging));
            if (_beginsAnswers)
            {
                http.Response.ContentType = "text/event-stream";
                await http.Response.WriteAsync(": soon\n\n");
            }

            try
            {
                await _goOn.Task.WaitAsync(http.RequestAborted);
            }
            finally
            {
                Interlocked.Decrement(ref _hanging);
            }
        };
    }

    public async Task DisposeAsync()
    {
        _goOn.TrySetResult();
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Abandoned_calls_of_one_grant_leave_the_server_to_the_others_and_to_itself()
    {
        await HangAsync(1150, isAbandoned: true);

        using var others = await PingAsync(TestTokens.Other);
        Assert.Equal(200, (int)others.StatusCode);
        using var own = await PingAsync(TestTokens.Agent);
        Assert.Equal(200, (int)own.StatusCode);
    }

    [Fact]
    public async Task Abandoned_answers_that_have_begun_leave_the_server_to_the_others_too()
    {
        _beginsAnswers = true;
        await HangAsync(PerGrantMax, isAbandoned: true);

        using var own = await PingAsync(TestTokens.Agent);
        Assert.Equal(200, (int)own.StatusCode);
    }

    [Fact]
    public async Task Pending_calls_keep_their_place_and_a_further_one_gets_503()
    {
        var held = await HangAsync(PerGrantMax, isAbandoned: false);
        await Soon.UntilAsync(() => _hanging == PerGrantMax, "every call hangs");

        using var others = await PingAsync(TestTokens.Other);
        Assert.Equal(200, (int)others.StatusCode);
        using var own = await PingAsync(TestTokens.Agent);
        Assert.Equal(503, (int)own.StatusCode);
        Assert.Equal("1", own.Headers.RetryAfter?.ToString());
        Assert.Contains("was not counted", await own.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(PerGrantMax, _hanging);
        held.ForEach(static socket => socket.Dispose());
    }

    [Fact]
    public async Task An_abandoned_call_goes_on_while_there_is_room_for_others()
    {
        await HangAsync(1, isAbandoned: true);
        await Soon.UntilAsync(() => _hanging == 1, "the call hangs");

        using var own = await PingAsync(TestTokens.Agent);

        Assert.Equal(200, (int)own.StatusCode);
        Assert.Equal(1, _hanging);
    }

    private async Task<List<Socket>> HangAsync(int count, bool isAbandoned)
    {
        const string Body = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"hang"}}""";
        var request = Encoding.UTF8.GetBytes(
            $"POST /mcp/srv HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TestTokens.Agent}\r\n"
            + "Accept: application/json, text/event-stream\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {Body.Length}\r\n\r\n{Body}");
        var open = new List<Socket>();
        for (var i = 0; i < count; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(_gateway.Address.Host, _gateway.Address.Port);
            await socket.SendAsync(request);
            open.Add(socket);
        }

        if (!isAbandoned)
            return open;
        await Soon.UntilAsync(() => _hanging >= Math.Min(count, PerGrantMax), "the calls hang");
        // Later a connection may be the next call's before the server has seen the end of the one before.
        Assert.InRange(_mostHanging, 1, PerGrantMax);
        open.ForEach(static socket => socket.Dispose());
        return [];
    }

    private async Task<HttpResponseMessage> PingAsync(string token)
    {
        using var soon = new CancellationTokenSource(Soon.AtMost);
        using var request = new HttpRequestMessage(HttpMethod.Post, _gateway.Endpoint)
        {
            Content = new StringContent(
                """{"jsonrpc":"2.0","id":1,"method":"ping"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", token);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        return await _gateway.Client.SendAsync(request, soon.Token);
    }

    private static void InterlockedMax(ref int most, int now)
    {
        int known;
        while (now > (known = Volatile.Read(ref most)) && Interlocked.CompareExchange(ref most, now, known) != known)
        {
        }
    }
}
