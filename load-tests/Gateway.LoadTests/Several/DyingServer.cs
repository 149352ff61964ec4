using System.Text.Json;
using Gateway.LoadTests.Upstreams;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gateway.LoadTests.Several;

/// <summary>
/// An MCP server with sessions and one tool, which crashes with all connections and sessions and returns on the same
/// port.
/// </summary>
internal sealed class DyingServer : IAsyncDisposable
{
    public const string Tool = "work";
    private const string SessionHeader = "Mcp-Session-Id";

    private WebApplication? _app;
    private int _life;
    private long _sessions;

    /// <summary>Its port, after the start.</summary>
    public int Port { get; private set; }

    public async Task StartAsync()
    {
        var app = await LoopbackApp.StartAsync(HandleAsync, Port);
        Port = app.At("").Port;
        _app = app;
    }

    /// <summary>Aborts every connection and forgets every session.</summary>
    public async Task DieAsync()
    {
        var app = Interlocked.Exchange(ref _app, null);
        Interlocked.Increment(ref _life);
        if (app is null)
            return;
        try
        {
            await app.StopAsync();
        }
        catch (OperationCanceledException)
        {
            // Open calls were aborted.
        }

        await app.DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await DieAsync();

    private async Task HandleAsync(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        using var message = await JsonDocument.ParseAsync(http.Request.Body);
        var method = message.RootElement.GetProperty("method").GetString();
        var life = $"life-{_life}-";
        if (method == "initialize")
            http.Response.Headers[SessionHeader] = life + Interlocked.Increment(ref _sessions);
        else if (http.Request.Headers[SessionHeader].ToString() is { Length: > 0 } session
            && !session.StartsWith(life, StringComparison.Ordinal))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (!message.RootElement.TryGetProperty("id", out var id))
        {
            http.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        var result = method switch
        {
            "initialize" => """
                {"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"s","version":"1"}}
                """,
            "tools/list" => $$$"""{"tools":[{"name":"{{{Tool}}}","inputSchema":{"type":"object"}}]}""",
            _ => """{"content":[{"type":"text","text":"done"}]}""",
        };
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync($$"""{"jsonrpc":"2.0","id":{{id.GetRawText()}},"result":{{result}}}""");
    }
}
