using Gateway.LoadTests.Upstreams;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gateway.LoadTests.Streams;

/// <summary>An MCP server in this process whose streams stay open and send nothing.</summary>
internal sealed class IdleServer : IAsyncDisposable
{
    private static readonly byte[] Answer = """{"jsonrpc":"2.0","id":1,"result":{"tools":[]}}"""u8.ToArray();

    private readonly WebApplication _app;

    private IdleServer(WebApplication app) => _app = app;

    public Uri Url => _app.At("/mcp");

    public static async Task<IdleServer> StartAsync() => new(await LoopbackApp.StartAsync(HandleAsync));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task HandleAsync(HttpContext http)
    {
        if (!HttpMethods.IsGet(http.Request.Method))
        {
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = Answer.Length;
            await http.Response.Body.WriteAsync(Answer);
            return;
        }

        http.Response.ContentType = "text/event-stream";
        await http.Response.Body.FlushAsync();
        var gone = new TaskCompletionSource();
        await using var registration = http.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }
}
