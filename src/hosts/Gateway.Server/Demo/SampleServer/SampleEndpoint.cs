using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Gateway.Server.Demo.SampleServer;

/// <summary>Streamable HTTP in both eras on one path; revision 2026-07-28 is told by its version header.</summary>
internal sealed class SampleEndpoint(CallCounts calls) : IAsyncDisposable
{
    private const string SessionHeader = "Mcp-Session-Id";
    private const string VersionHeader = "MCP-Protocol-Version";
    private const string FirstStatelessVersion = "2026-07-28";
    private const int SessionsMax = 1_000;
    private const int InvalidRequest = -32600;
    private const int SessionNotFound = -32001;

    private readonly ConcurrentDictionary<string, SampleSession> _sessions = new(StringComparer.Ordinal);

    public Task HandleAsync(HttpContext context) => context.Request.Method switch
    {
        "POST" => PostAsync(context),
        "GET" => GetAsync(context),
        "DELETE" => DeleteAsync(context),
        _ => RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, InvalidRequest, "POST, GET or DELETE"),
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions.Values) await session.DisposeAsync().ConfigureAwait(false);
        _sessions.Clear();
    }

    private async Task PostAsync(HttpContext context)
    {
        if (await ReadAsync(context).ConfigureAwait(false) is not { } message)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, InvalidRequest, "not one JSON-RPC message")
                .ConfigureAwait(false);
            return;
        }

        Count(message);
        var version = context.Request.Headers[VersionHeader].ToString();
        message.Context = new JsonRpcMessageContext { ProtocolVersion = version.Length == 0 ? null : version };

        if (IsStateless(version))
        {
            await using var single = SampleSession.StartStateless();
            await AnswerAsync(context, single, message).ConfigureAwait(false);
        }
        else if (message is JsonRpcRequest { Method: RequestMethods.Initialize } && SessionId(context).Length == 0)
        {
            await InitializeAsync(context, message).ConfigureAwait(false);
        }
        else if (await FindAsync(context).ConfigureAwait(false) is { } session)
        {
            await AnswerAsync(context, session, message).ConfigureAwait(false);
        }
    }

    private async Task GetAsync(HttpContext context)
    {
        if (IsStateless(context.Request.Headers[VersionHeader].ToString()))
        {
            await RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, InvalidRequest, "2026-07-28 has no GET")
                .ConfigureAwait(false);
        }
        else if (await FindAsync(context).ConfigureAwait(false) is { } session)
        {
            StartStream(context);
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            await session.Transport.HandleGetRequestAsync(context.Response.Body, context.RequestAborted)
                .ConfigureAwait(false);
        }
    }

    private async Task DeleteAsync(HttpContext context)
    {
        if (await FindAsync(context).ConfigureAwait(false) is null) return;
        if (!_sessions.TryRemove(SessionId(context), out var session)) return;
        await session.DisposeAsync().ConfigureAwait(false);
    }

    private async Task InitializeAsync(HttpContext context, JsonRpcMessage message)
    {
        if (_sessions.Count >= SessionsMax)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, InvalidRequest, "too many sessions")
                .ConfigureAwait(false);
            return;
        }

        var id = Guid.NewGuid().ToString("N");
        var session = _sessions[id] = SampleSession.Start(id);
        context.Response.Headers[SessionHeader] = id;
        await AnswerAsync(context, session, message).ConfigureAwait(false);
    }

    private static async Task AnswerAsync(HttpContext context, SampleSession session, JsonRpcMessage message)
    {
        StartStream(context);
        var answered = await session.Transport.HandlePostRequestAsync(
            message, context.Response.Body, first => SetStatus(context, first), context.RequestAborted)
            .ConfigureAwait(false);
        if (answered) return;

        context.Response.Headers.ContentType = default;
        context.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    /// <summary>2026-07-28 repeats these errors in the HTTP status; a legacy answer is 200 whatever it holds.</summary>
    private static ValueTask SetStatus(HttpContext context, JsonRpcMessage? first)
    {
        if (first is JsonRpcError error && IsStateless(context.Request.Headers[VersionHeader].ToString()))
        {
            context.Response.StatusCode = error.Error.Code switch
            {
                -32601 => StatusCodes.Status404NotFound,
                -32020 or -32021 or -32022 => StatusCodes.Status400BadRequest,
                _ => StatusCodes.Status200OK,
            };
        }

        return ValueTask.CompletedTask;
    }

    private async Task<SampleSession?> FindAsync(HttpContext context)
    {
        var id = SessionId(context);
        if (_sessions.TryGetValue(id, out var session)) return session;

        await (id.Length == 0
            ? RefuseAsync(context, StatusCodes.Status400BadRequest, InvalidRequest, "Mcp-Session-Id is missing")
            : RefuseAsync(context, StatusCodes.Status404NotFound, SessionNotFound, "session not found"))
            .ConfigureAwait(false);
        return null;
    }

    private void Count(JsonRpcMessage message)
    {
        if (message is JsonRpcRequest { Method: RequestMethods.ToolsCall } request)
            calls.Add(request.Params?["name"]?.ToString() ?? "");
    }

    private static async Task<JsonRpcMessage?> ReadAsync(HttpContext context)
    {
        try
        {
            return (JsonRpcMessage?)await JsonSerializer.DeserializeAsync(
                context.Request.Body, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage)),
                context.RequestAborted).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task RefuseAsync(HttpContext context, int status, int code, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        var error = new JsonObject { ["code"] = code, ["message"] = message };
        var body = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = null, ["error"] = error };
        await context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted).ConfigureAwait(false);
    }

    private static void StartStream(HttpContext context)
    {
        context.Response.Headers.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
    }

    private static string SessionId(HttpContext context) => context.Request.Headers[SessionHeader].ToString();

    // Versions are dates, so their order is that of their text.
    private static bool IsStateless(string version) => string.CompareOrdinal(version, FirstStatelessVersion) >= 0;
}
