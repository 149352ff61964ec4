using System.Threading.Channels;
using Gateway.Control.Snapshots;
using Gateway.Mcp.Protocol;

namespace Gateway.Upstreams.Tests.Http;

/// <summary>A server that speaks HTTP+SSE on real sockets, and what reached it.</summary>
internal sealed class SseServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, SseConnection> _streams = new();
    private LoopbackServer _server = null!;
    private int _last;

    public Uri Url => new(_server.Url, "/sse");

    /// <summary>Method, path and body of each request, in order.</summary>
    public ConcurrentQueue<(string Method, string Path, string Body)> Requests { get; } = new();

    public ConcurrentQueue<string> Credentials { get; } = new();

    public string[] Paths => [.. Requests.Select(static one => $"{one.Method} {one.Path}")];

    /// <summary>The data of the endpoint event, from the path that this server would announce.</summary>
    public Func<string, string> Endpoint { get; init; } = static path => path;

    /// <summary>Answers a POST to the address of the event stream.</summary>
    public RequestDelegate Post { get; init; } = static context =>
    {
        context.Response.StatusCode = 404;
        context.Response.ContentType = "text/html";
        return context.Response.WriteAsync("<!DOCTYPE html><pre>Cannot POST /sse</pre>");
    };

    /// <summary>Answers a GET of the event stream in its place; null where there is one.</summary>
    public RequestDelegate? Get { get; init; }

    /// <summary>Takes a message; false where it answered the POST itself.</summary>
    public Func<SseConnection, JsonNode, HttpContext, Task<bool>> Receive { get; init; } =
        static (stream, message, _) => stream.RespondAsync(message);

    /// <summary>Streams, as they are opened.</summary>
    public Channel<SseConnection> Opened { get; } = Channel.CreateUnbounded<SseConnection>();

    public static async Task<SseServer> StartAsync(SseServer? server = null)
    {
        server ??= new SseServer();
        server._server = await LoopbackServer.StartAsync(server.AnswerAsync);
        return server;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var path = context.Request.Path.Value!;
        Requests.Enqueue((context.Request.Method, path, body));
        Credentials.Enqueue(context.Request.Headers.Authorization.ToString());
        if (path == "/sse")
            await (context.Request.Method == "POST" ? Post : Get ?? StreamAsync)(context);
        else if (!_streams.TryGetValue((string?)context.Request.Query["id"] ?? "", out var stream))
            context.Response.StatusCode = 404;
        else if (await Receive(stream, JsonNode.Parse(body)!, context) && !context.Response.HasStarted)
        {
            context.Response.StatusCode = 202;
            await context.Response.WriteAsync("Accepted");
        }
    }

    private async Task StreamAsync(HttpContext context)
    {
        var id = Interlocked.Increment(ref _last).ToString();
        using var stream = new SseConnection(context);
        context.Response.ContentType = "text/event-stream";
        // Before its address is known, because a client may post to it at once.
        _streams[id] = stream;
        await stream.SendAsync($"event: endpoint\ndata: {Endpoint($"/message?id={id}")}\n\n");
        Opened.Writer.TryWrite(stream);
        await stream.Ended;
        _streams.TryRemove(id, out _);
    }
}

/// <summary>One event stream of such a server.</summary>
internal sealed class SseConnection : IDisposable
{
    private readonly HttpContext _context;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SseConnection(HttpContext context)
    {
        _context = context;
        context.RequestAborted.Register(() => _ended.TrySetResult());
    }

    /// <summary>Completes when either side has ended it.</summary>
    public Task Ended => _ended.Task;

    public void End() => _ended.TrySetResult();

    public void Abort() => _context.Abort();

    public void Dispose() => _turn.Dispose();

    public async Task SendAsync(string text)
    {
        await _turn.WaitAsync();
        try
        {
            await _context.Response.WriteAsync(text);
            await _context.Response.Body.FlushAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    public Task MessageAsync(string message) => SendAsync($"event: message\ndata: {message}\n\n");

    /// <summary>Responds to a request with its method as the result.</summary>
    public async Task<bool> RespondAsync(JsonNode message)
    {
        if (message["id"] is { } id && message["method"] is { } method)
        {
            var result = $$"""{"protocolVersion":"2024-11-05","of":"{{method}}"}""";
            await MessageAsync($$"""{"jsonrpc":"2.0","id":{{id.ToJsonString()}},"result":{{result}}""" + "}");
        }

        return true;
    }
}

/// <summary>Requests to such a server.</summary>
internal static class SseFixture
{
    public const string Initialize = """
        {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{}}}
        """;

    public const string Call = """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"pay"}}""";

    public static HttpUpstream To(
        SseServer server, ServerTransport? transport = null,
        Func<HttpUpstreamOptions, HttpUpstreamOptions>? with = null)
    {
        var options = new HttpUpstreamOptions
        {
            Url = server.Url,
            Transport = transport,
            Headers = [KeyValuePair.Create("Authorization", "Bearer key")],
        };
        return new HttpUpstream(with is null ? options : with(options));
    }

    public static UpstreamRequest Post(
        string body, string? session = null, Func<CancellationToken, ValueTask>? before = null,
        McpRevision revision = McpRevision.Legacy, string caller = "bot", CancellationToken ended = default)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        return new UpstreamRequest
        {
            Method = HttpMethod.Post,
            Body = bytes,
            ClientHeaders = new HeaderDictionary { ["Accept"] = "application/json, text/event-stream" },
            CallId = "0123456789abcdef0123456789abcdef",
            BeforeFirstByte = before,
            SessionId = session,
            Message = McpReader.Read(bytes, McpReadBounds.Default).Message,
            Revision = revision,
            Caller = caller,
            CallerEnded = ended,
        };
    }

    public static UpstreamRequest Get(string session) => new()
    {
        Method = HttpMethod.Get,
        ClientHeaders = new HeaderDictionary { ["Accept"] = "text/event-stream" },
        CallId = "0123456789abcdef0123456789abcdef",
        SessionId = session,
    };

    public static async Task<string> TextAsync(UpstreamResponse answer)
    {
        using var reader = new StreamReader(answer.Body);
        return await reader.ReadToEndAsync();
    }

    public static async Task<(string Session, string Answer)> OpenAsync(
        HttpUpstream upstream, CancellationToken cancellationToken, string caller = "bot")
    {
        using var answer = await upstream.SendAsync(Post(Initialize, caller: caller), cancellationToken);
        Assert.Equal(200, answer.StatusCode);
        return (answer.SessionId!, await TextAsync(answer));
    }
}
