using Microsoft.AspNetCore.Http;

namespace Gateway.TestHarness.Gateways;

/// <summary>A server that responds to a call when the test allows it, and counts the calls in progress.</summary>
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

    /// <summary>Writes the response to a call; by default a result with the text "done".</summary>
    public Func<HttpContext, string, Task> Reply { get; set; } = static (http, id) =>
        RecordingServer.JsonAsync(http, Result(id));

    /// <summary>The calls in the order of arrival.</summary>
    public IReadOnlyList<SlowCall> Calls
    {
        get
        {
            lock (_lock)
                return [.. _calls];
        }
    }

    /// <summary>The number of calls that are open now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>The largest number of calls that were open at once.</summary>
    public int Most { get; private set; }

    /// <summary>Takes over the responses of an existing server.</summary>
    public static SlowServer Over(RecordingServer server) => new(server);

    public static async Task<SlowServer> StartAsync() => new(await RecordingServer.StartAsync());

    /// <summary>Waits for a call, by its number in the order of arrival.</summary>
    public async Task<SlowCall> CallAsync(int number)
    {
        await Soon.UntilAsync(() => Calls.Count > number, $"call {number} arrives");
        return Calls[number];
    }

    /// <summary>Returns the JSON-RPC result that <see cref="Reply"/> writes.</summary>
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
