namespace Gateway.Server.Tests.Features;

/// <summary>
/// A server of sessions that counts the requests which are open on it. What a call's answer does is said in the call;
/// one that nobody waits for any more ends when the test says so.
/// </summary>
internal sealed class SoakServer(RecordingServer server)
{
    private const string HalfAnEvent = "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",";
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _left = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _received = new();
    private int _open;
    private int _sessions;

    public int Open => Volatile.Read(ref _open);

    /// <summary>The client of this call is gone: a legacy server may answer now, to nobody.</summary>
    public void Left(string key) => Leaving(key).TrySetResult();

    /// <summary>Returns when this call has arrived.</summary>
    public async Task ReceivedAsync(string key)
    {
        await Receiving(key).Task;
        _received.TryRemove(key, out _);
    }

    public async Task AnswerAsync(HttpContext http, RecordedRequest request)
    {
        // The soak keeps nothing of ten thousand sessions, or it would measure itself.
        server.Requests.Clear();
        Interlocked.Increment(ref _open);
        try
        {
            await ServeAsync(http, request);
        }
        catch (OperationCanceledException)
        {
            // The gateway let the request go.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task ServeAsync(HttpContext http, RecordedRequest request)
    {
        if (request.Method == "DELETE")
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        else if (request.Method == "GET")
            await StreamAsync(http, Gone(http));
        else if (request.Text.Contains("\"initialize\"", StringComparison.Ordinal))
            await InitializeAsync(http);
        else if (Key(request, "stream-") is { } stream)
            await StreamAsync(http, Task.WhenAny(Gone(http), Leaving(stream).Task));
        else if (Key(request, "silent-") is { } silent)
        {
            Receiving(silent).TrySetResult();
            await Task.WhenAny(Gone(http), Leaving(silent).Task);
        }
        else
            await RecordingServer.JsonAsync(http, """{"jsonrpc":"2.0","id":1,"result":{"content":[]}}""");
        if (Key(request, "stream-") is { } done) _left.TryRemove(done, out _);
        if (Key(request, "silent-") is { } answered) _left.TryRemove(answered, out _);
    }

    private Task InitializeAsync(HttpContext http)
    {
        http.Response.Headers["Mcp-Session-Id"] = $"s-{Interlocked.Increment(ref _sessions)}";
        return RecordingServer.JsonAsync(http, """{"jsonrpc":"2.0","id":1,"result":{}}""");
    }

    private static async Task StreamAsync(HttpContext http, Task end)
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync("data: {}\n\n" + HalfAnEvent);
        await http.Response.Body.FlushAsync();
        await end;
    }

    private static string? Key(RecordedRequest request, string prefix)
    {
        var at = request.Text.IndexOf(prefix, StringComparison.Ordinal);
        return at < 0 ? null : request.Text[at..request.Text.IndexOf('"', at)];
    }

    private static Task Gone(HttpContext http)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        http.RequestAborted.UnsafeRegister(static it => ((TaskCompletionSource)it!).TrySetResult(), gone);
        return gone.Task;
    }

    private TaskCompletionSource Receiving(string key) =>
        _received.GetOrAdd(key, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    private TaskCompletionSource Leaving(string key) =>
        _left.GetOrAdd(key, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
