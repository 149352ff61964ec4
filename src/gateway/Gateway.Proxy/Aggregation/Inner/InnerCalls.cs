using System.Globalization;
using Gateway.Control.Memory;
using Gateway.Control.Snapshots;
using Gateway.Mcp;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Reading;
using Gateway.Mcp.Writing;
using Gateway.Policy.Decisions;
using Gateway.Policy.Rules;
using Gateway.Proxy.Aggregation.Events;
using Gateway.Proxy.Aggregation.Sessions;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Endpoint;
using Gateway.Proxy.Extensions;
using Gateway.Proxy.Pipeline;
using Gateway.Proxy.Refusals;
using Gateway.Proxy.Telemetry;
using Gateway.Proxy.Upstreams.Relay;
using Gateway.Proxy.Upstreams.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace Gateway.Proxy.Aggregation.Inner;

/// <summary>
/// The sender of messages to one server of several, through the same pipeline as a message to its own address. The
/// message is first rebuilt, then parsed strictly, evaluated, counted and recorded with the server's own names, and
/// exactly those bytes are sent.
/// </summary>
internal sealed class InnerCalls(
    CallRunner runner, SessionEndpoint sessions, ISessionSealer sealer, MessageReading reading,
    GrantRevalidator grants, MemoryBudget memory, HungServers hung)
{
    private const string NoSession = "does not open a session now";

    private static readonly byte[] Initialized = System.Text.Encoding.UTF8.GetBytes(
        $$"""{"jsonrpc":"2.0","method":"{{McpMethods.Initialized}}"}""");

    // A server whose part of a list is larger is omitted.
    private static int AnswerBytesMax => McpReadBounds.Default.BodyBytesMax;

    /// <summary>The longest wait for the response of one server.</summary>
    public TimeSpan ServerWait => hung.ServerWait;

    /// <summary>Returns true if the grant may now call any of its servers.</summary>
    public bool MayCall(AggregateRequest request) =>
        request.Servers.Any(server => grants.Now(request.Grant, server) is not null);

    /// <summary>Returns the current server, or null if the grant may not call it.</summary>
    public ServerModel? Find(AggregateRequest request, string server) => grants.Now(request.Grant, server)?.Server;

    /// <summary>
    /// Returns the reason why the grant is refused although its token is valid; null if nothing is paused.
    /// </summary>
    public PauseReason? WhyPaused(AggregateRequest request) =>
        request.Servers.Select(server => grants.WhyPaused(request.Grant, server)).FirstOrDefault();

    /// <summary>Sends a request to one server, and waits no longer than the bound.</summary>
    public async Task<ServerAnswer> AskAsync(
        AggregateRequest request, string server, ReadOnlyMemory<byte> body, Action<McpListKind, string>? listed = null)
    {
        var within = hung.ServerWait.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        if (hung.Has(server))
            return ServerAnswer.Missing(server, $"did not respond within {within} s recently; it is retried soon");
        var began = hung.Now;
        var end = new CancellationTokenSource();
        var asked = AskInSessionAsync(request, server, body, listed, end);
        try
        {
            var answer = await hung.WithinAsync(asked, request.Aborted);
            hung.Answered(server);
            return answer;
        }
        catch (TimeoutException)
        {
            hung.GaveNone(server, began);
            await end.CancelAsync();
            return ServerAnswer.Missing(server, $"did not respond within {within} s");
        }
        catch (OperationCanceledException) when (request.Aborted.IsCancellationRequested)
        {
            await end.CancelAsync();
            throw;
        }
        catch (OperationCanceledException)
        {
            // The inner request ended early, for example because its response was too long, while the client still
            // waits.
            return ServerAnswer.Missing(server, "did not respond, because the request to it was canceled");
        }
    }

    /// <summary>Parses a message that was rewritten for its server, and sends it.</summary>
    public async Task<bool> ForwardAsync(AggregateRequest request, string server, ReadOnlyMemory<byte> body)
    {
        if (grants.Now(request.Grant, server) is null)
            return await NotAllowedAsync(request, server, request.Message);
        return await ReadAsync(request, body) is { } message
            && await ForwardAsync(request, server, new RewrittenMessage(message, null, null), rewriter: null);
    }

    /// <summary>Sends a message to its server, and relays the response as it arrives.</summary>
    /// <param name="request">The request.</param>
    /// <param name="server">The server.</param>
    /// <param name="rewritten">The message.</param>
    /// <param name="rewriter">Rewrites the response.</param>
    /// <param name="mayOnlyConnect">True if it is not sent, but may get the link to connect an account.</param>
    public async Task<bool> ForwardAsync(
        AggregateRequest request, string server, RewrittenMessage rewritten, IMessageRewriter? rewriter,
        bool mayOnlyConnect = false)
    {
        var (http, message) = (request.Http, rewritten.Message);
        if (grants.Now(request.Grant, server) is not { } allowed)
            return await NotAllowedAsync(request, server, message);
        var found = await FindSessionAsync(request, server);
        if (found is null && !allowed.Server.IsPerCaller)
            return await UnavailableAsync(request, server, NoSession);
        // A server whose caller is not connected opens no session.
        var session = found ?? new ServerSession(null, null);
        MirroredHeaders.Set(http.Request.Headers, message, request.Revision, session.Version);
        using var span = GatewayTracing.Start(http.Request.Headers, server, message);
        using var call = new CallContext(
            http, allowed.Grant, allowed.Server, message, request.Revision,
            Binding(request, server, session), allowed.NowMs)
        {
            Span = span,
            IsOfSeveral = true,
            MayOnlyConnect = mayOnlyConnect || found is null,
            Retry = rewritten.Retry,
            Virtual = rewritten.Virtual,
            Tasks = rewritten.Tasks,
            Rewriter = rewriter,
            RebuiltBy = request.Grant.VirtualTools,
        };
        allowed.Grant.State.Use(allowed.NowMs);
        // From here on, the call to the server has its own deadline.
        request.Deadline.Remove();
        if (request.Revision == McpRevision.Stateless)
            return await runner.RunAsync(call);
        bool isEvaluated, isLost;
        List<KeyValuePair<string, StringValues>> headers = [.. http.Response.Headers];
        await using (var events = RoutedBody.Take(
            http, server, status => status == StatusCodes.Status404NotFound && session.Id is not null))
        {
            isEvaluated = await runner.RunAsync(call);
            isLost = events.IsDropped;
        }

        if (!isLost)
            return isEvaluated;
        // Relaying this response would end the client's session with all servers. A call is sent only once, so it is
        // not repeated; the next message opens a new session.
        request.Session!.Lose(server, session);
        http.Response.Clear();
        foreach (var (name, value) in headers)
            http.Response.Headers[name] = value;
        await ServerUnavailable.WriteAsync(
            http, message, request.Revision, server, StatusCodes.Status502BadGateway,
            $"The server {server} no longer knows its session (HTTP 404), perhaps because it was restarted, and did "
            + "not process the request. Try again: the gateway then opens a new session with the server.");
        return isEvaluated;
    }

    /// <summary>Responds that the grant may not call the server now.</summary>
    public async Task<bool> NotAllowedAsync(AggregateRequest request, string server, McpMessage message)
    {
        await RecordPauseAsync(request, server, message);
        return await UnavailableAsync(request, server, "is paused, or no longer part of the grant");
    }

    /// <summary>Records a message that a pause refuses; returns false if nothing is paused.</summary>
    public async ValueTask<bool> RecordPauseAsync(AggregateRequest request, string server, McpMessage message)
    {
        if (grants.WhyPaused(request.Grant, server) is not { } pause)
            return false;
        await request.Services.GetRequiredService<UnevaluatedCalls>().RecordAsync(
            request.Grant, server, message, PolicyRuleNames.Paused, pause.Recorded);
        return true;
    }

    /// <summary>Starts a message whose response goes to a writer of the caller, without a time limit.</summary>
    public async Task StreamAsync(
        AggregateRequest request, string server, RewrittenMessage rewritten, DefaultHttpContext inner,
        IMessageRewriter rewriter)
    {
        if (grants.Now(request.Grant, server) is not { } allowed)
            return;
        var message = rewritten.Message;
        MirroredHeaders.Set(inner.Request.Headers, message, request.Revision, null);
        using var call = new CallContext(
            inner, allowed.Grant, allowed.Server, message, request.Revision, sessions.Binding(allowed.Grant, server),
            allowed.NowMs)
        {
            // All servers share one stream of the client, which already has its place.
            Place = NoPlace.Instance,
            IsMergedStream = true,
            Tasks = rewritten.Tasks,
            Rewriter = rewriter,
        };
        await runner.RunAsync(call);
        await inner.Response.CompleteAsync();
    }

    /// <summary>Returns the session at a server and opens one if needed; null if there is currently none.</summary>
    public async Task<ServerSession?> FindSessionAsync(AggregateRequest request, string server)
    {
        if (request.Session is not { } session)
            return new ServerSession(null, null);
        if (session.Find(server) is { } known)
            return known;
        if (session.Parameters.IsEmpty)
            return null;
        try
        {
            return await hung.WithinAsync(
                session.OpenAsync(server, () => OpenAsync(request, server)), request.Aborted);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Returns the session that a response to <c>initialize</c> began; null if it failed.</summary>
    public static ServerSession? Opened(ServerAnswer answer) => answer.Why is null
        ? new ServerSession(answer.SessionId, Version(answer))
        : null;

    /// <summary>Returns the session of a message, from the sessions of the client and the server.</summary>
    public SessionBinding Binding(AggregateRequest request, string server, ServerSession session)
    {
        var binding = sessions.Binding(request.Grant, server);
        if (request.Session is { } whole)
        {
            binding.Bind(whole.ClientId, session.Id);
            (binding.OpensUrls, binding.Revision) = (whole.OpensUrls, session.Version);
            binding.ShowsApps = whole.ShowsApps;
        }

        return binding;
    }

    private static string? Version(ServerAnswer answer) =>
        answer.Result.ValueKind == System.Text.Json.JsonValueKind.Object
        && answer.Result.TryGetProperty("protocolVersion", out var version)
        && version.ValueKind == System.Text.Json.JsonValueKind.String ? version.GetString() : null;

    private async Task<ServerSession?> OpenAsync(AggregateRequest request, string server)
    {
        byte[] body =
        [
            .. """{"jsonrpc":"2.0","id":"gateway-open","method":"""u8, .. RawJson.Text(McpMethods.Initialize),
            .. ",\"params\":"u8, .. request.Session!.Parameters.Span, (byte)'}',
        ];
        var answer = await WithinAsync(body, new ServerSession(null, null));
        if (Opened(answer) is not { } opened)
            return null;
        await WithinAsync(Initialized, opened);
        return opened;

        Task<ServerAnswer> WithinAsync(byte[] message, ServerSession session) => SendAsync(
            request, server, message, session, null, hung.Limit());
    }

    private async Task<ServerAnswer> AskInSessionAsync(
        AggregateRequest request, string server, ReadOnlyMemory<byte> body, Action<McpListKind, string>? listed,
        CancellationTokenSource end)
    {
        for (var isSecond = false; ; isSecond = true)
        {
            if (await FindSessionAsync(request, server) is not { } session)
            {
                return ServerAnswer.Missing(server, NoSession) with
                {
                    NeedsConnection = Find(request, server) is { IsPerCaller: true },
                };
            }

            var answer = await SendAsync(request, server, body, session, listed, end);
            if (answer.Status != StatusCodes.Status404NotFound || session.Id is null || isSecond)
                return answer;
            answer.Release();
            // The server has restarted; the client's session with the others continues.
            request.Session!.Lose(server, session);
        }
    }

    private async Task<ServerAnswer> SendAsync(
        AggregateRequest request, string server, ReadOnlyMemory<byte> body, ServerSession session,
        Action<McpListKind, string>? listed, CancellationTokenSource end)
    {
        if (grants.Now(request.Grant, server) is not { } allowed)
            return ServerAnswer.Missing(server, "is paused, or no longer part of the grant");
        if ((await reading.ReadAsync(request.Grant, body, end.Token))?.Message is not { } message)
            return ServerAnswer.Missing(server, "received no request: the message could not be read");
        var policy = allowed.Grant.Bindings[server].Policy;
        if (await FilteredAsync(request, policy, message, end.Token) is not { } negotiated)
            return ServerAnswer.Missing(server, "received no request: there was no memory to read the message");
        message = negotiated;
        var isOpening = message.Method == McpMethods.Initialize;
        message = HandshakeRequest.Of(message, request.Revision, out var requested);
        allowed.Grant.State.Use(allowed.NowMs);
        var writer = new CollectingWriter(AnswerBytesMax, memory, request.Grant.State.Memory, end);
        request.Hold(writer);
        var lifetime = new InnerLifetime(end);
        var inner = InnerHttp.Create(
            request, HttpMethods.Post, new InnerResponse(writer, () => writer.HasStarted), lifetime);
        MirroredHeaders.Set(inner.Request.Headers, message, request.Revision, session.Version);
        using var span = GatewayTracing.Start(inner.Request.Headers, server, message);
        using var call = new CallContext(
            inner, allowed.Grant, allowed.Server, message, request.Revision,
            isOpening ? sessions.Binding(request.Grant, server) : Binding(request, server, session), allowed.NowMs)
        {
            Span = span,
            Listed = listed,
            RequestedRevision = requested,
        };
        await runner.RunAsync(call);
        await inner.Response.CompleteAsync();
        if (writer.Why is not null || lifetime.IsAborted)
        {
            writer.Dispose();
            return ServerAnswer.Missing(server, writer.Why ?? "broke off its response");
        }

        var answer = new ServerAnswer(
            server, inner.Response.StatusCode, inner.Response.ContentType ?? "", writer.Bytes)
        {
            Memory = writer,
        }.Read();
        return inner.Response.Headers[McpHeaders.SessionId].ToString() is { Length: > 0 } id && isOpening
            ? answer with { SessionId = sealer.Open(id, request.Grant.CallerKey, server)?.UpstreamId }
            : answer;
    }

    /// <summary>
    /// Returns the message without the extensions that the policy for its server does not pass; null if there is no
    /// memory to read it.
    /// </summary>
    private async ValueTask<McpMessage?> FilteredAsync(
        AggregateRequest request, PolicyBinding policy, McpMessage message, CancellationToken cancellationToken) =>
        ClientCapabilities.Filtered(message, request.Revision, policy) is { } body
            ? (await reading.ReadAsync(request.Grant, body, cancellationToken))?.Message
            : message;

    /// <summary>Parses a message that was rebuilt for a server; returns null after writing a refusal.</summary>
    public async Task<McpMessage?> ReadAsync(AggregateRequest request, ReadOnlyMemory<byte> body)
    {
        var read = await reading.ReadAsync(request.Grant, body, request.Aborted);
        if (read?.Message is { } message)
            return message;
        await (read is null
            ? NoMemory.WriteAsync(request.Http, request.Message.Id)
            : PlainResponse.FaultAsync(request.Http, read.Value.Fault!));
        return null;
    }

    private static async Task<bool> UnavailableAsync(AggregateRequest request, string server, string why)
    {
        await ServerUnavailable.WriteAsync(
            request.Http, request.Message, request.Revision, server, StatusCodes.Status502BadGateway,
            $"The server {server} {why}. The call did not reach the server and was not counted. Try again later.");
        return true;
    }

    private sealed class NoPlace : IDisposable
    {
        public static NoPlace Instance { get; } = new();

        public void Dispose()
        {
            // The client's stream has the place.
        }
    }
}
