using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gateway.LoadTests.Upstreams;

/// <summary>
/// An MCP server in this process that responds to every call and records it. Its record shows which calls a gateway
/// admitted. Calls of <see cref="StreamTool"/> get a stream of events.
/// </summary>
internal sealed class CountingServer : IAsyncDisposable
{
    public const string StreamTool = "follow";

    private static readonly byte[] Answer =
        """{"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":"done"}]}}"""u8.ToArray();
    private static readonly byte[] Event =
        "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{}}\n\n"u8.ToArray();
    private static readonly byte[] LastEvent = [.. "data: "u8, .. Answer, .. "\n\n"u8];

    private readonly ConcurrentDictionary<string, int> _seen = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<DateTimeOffset> _arrivals = [];
    private WebApplication _app = null!;
    private long _calls;

    private CountingServer()
    {
    }

    /// <summary>The number of calls that arrived.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>True to remember call ids; a run of hours would exhaust the memory.</summary>
    public bool RemembersIds { get; set; } = true;

    /// <summary>True to keep the arrival times of calls.</summary>
    public bool KeepsArrivals { get; set; }

    /// <summary>Returns the arrival times recorded since the previous call, and clears them.</summary>
    public IReadOnlyList<DateTimeOffset> TakeArrivals()
    {
        var taken = new List<DateTimeOffset>();
        while (_arrivals.TryDequeue(out var arrival))
            taken.Add(arrival);
        return taken;
    }

    /// <summary>The number of arrivals of each call id.</summary>
    public IReadOnlyDictionary<string, int> Seen => _seen;

    /// <summary>The number of events of a stream before its result.</summary>
    public int EventsPerStream { get; init; } = 10;

    /// <summary>The time between two events of a stream.</summary>
    public TimeSpan BetweenEvents { get; init; } = TimeSpan.FromMilliseconds(500);

    public Uri Url => _app.At("/mcp");

    public static async Task<CountingServer> StartAsync(int eventsPerStream = 10)
    {
        var server = new CountingServer { EventsPerStream = eventsPerStream };
        server._app = await LoopbackApp.StartAsync(server.HandleAsync);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext http)
    {
        var read = await http.Request.BodyReader.ReadAtLeastAsync((int)(http.Request.ContentLength ?? 0));
        var text = Encoding.ASCII.GetString(read.Buffer);
        http.Request.BodyReader.AdvanceTo(read.Buffer.End);
        // The gateway itself requests the lists for its inventory, which are not calls of an agent.
        if (text.Contains("tools/call", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _calls);
            if (KeepsArrivals)
                _arrivals.Enqueue(TimeProvider.System.GetUtcNow());
            if (RemembersIds)
            {
                _seen.AddOrUpdate(
                    http.Request.Headers["Policy-Gateway-Call"].ToString(), 1, static (_, count) => count + 1);
            }
        }

        if (text.Contains(StreamTool, StringComparison.Ordinal))
        {
            await StreamAsync(http);
            return;
        }

        http.Response.ContentType = "application/json";
        http.Response.ContentLength = Answer.Length;
        await http.Response.Body.WriteAsync(Answer);
    }

    private async Task StreamAsync(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        for (var i = 0; i < EventsPerStream; i++)
        {
            await http.Response.Body.WriteAsync(Event);
            await http.Response.Body.FlushAsync();
            await Task.Delay(BetweenEvents, http.RequestAborted);
        }

        await http.Response.Body.WriteAsync(LastEvent);
    }
}
