using Microsoft.AspNetCore.Http;

namespace Gateway.TestHarness.Gateways;

/// <summary>A server that answers a call when the test says so, and counts those that it is at work on.</summary>
public sealed class SlowServer : IAsyncDisposable
{
    private readonly RecordingServer _server;
    private readonly Lock _lock = new();
    private readonly List<SlowCall> _calls = [];
    private int _open;

    private SlowServer(RecordingServer server)
    {
        _server = server;
        server.Answer = AnswerAsync;
    }

    public string Url => _server.Url;

    /// <summary>How a call is answered once it may be; by default with a result that says "done".</summary>
    public Func<HttpContext, string, Task> Reply { get; set; } = static (http, id) =>
        RecordingServer.JsonAsync(http, Result(id));

    /// <summary>Every call that arrived, in that order.</summary>
    public IReadOnlyList<SlowCall> Calls
    {
        get
        {
            lock (_lock)
                return [.. _calls];
        }
    }

    /// <summary>Calls whose exchange is open now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>The most that were open at once.</summary>
    public int Most { get; private set; }

    /// <summary>Answers for a server that is there.</summary>
    public static SlowServer Over(RecordingServer server) => new(server);

    public static async Task<SlowServer> StartAsync() => new(await RecordingServer.StartAsync());

    /// <summary>Waits for a call, by its number in the order of arrival.</summary>
    public async Task<SlowCall> CallAsync(int number)
    {
        await Soon.UntilAsync(() => Calls.Count > number, $"call {number} arrives");
        return Calls[number];
    }

    /// <summary>The JSON-RPC result that <see cref="Reply"/> gives.</summary>
    public static string Result(string id) =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"content":[{"type":"text","text":"done"}]}}""";

    public ValueTask DisposeAsync()
    {
        foreach (var call in Calls)
            call.Answer();
        return _server.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http, RecordedRequest request)
    {
        if (request.Body.Length == 0)
            return;
        using var message = JsonDocument.Parse(request.Body);
        if (!message.RootElement.TryGetProperty("id", out var id))
        {
            http.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        var call = new SlowCall();
        lock (_lock)
        {
            _calls.Add(call);
            Most = Math.Max(Most, ++_open);
        }

        try
        {
            await call.MayAnswer.WaitAsync(http.RequestAborted);
            lock (_lock)
                _open--;
            await Reply(http, id.GetRawText());
        }
        catch (OperationCanceledException) when (!call.MayAnswer.IsCompleted)
        {
            lock (_lock)
                _open--;
            call.End();
        }
    }
}
