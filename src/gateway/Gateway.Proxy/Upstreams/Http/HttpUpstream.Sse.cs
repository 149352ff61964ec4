using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Control.Memory;
using Gateway.Control.Snapshots;
using Gateway.Mcp;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Upstreams.Messages;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Upstreams.Http;

/// <content>
/// The older transport, HTTP+SSE. A server is configured for it, or detected by the fallback of the specification
/// (2025-11-25, Transports, Backwards Compatibility), which repeats only the handshake.
/// </content>
public sealed partial class HttpUpstream
{
    private const int KeepAliveSeconds = 15;
    private const int KeepAliveProbes = 3;
    private readonly SseSessions _sessions;
    private volatile bool _isSseDetected;

    private bool SpeaksSse => Options.Transport == ServerTransport.Sse || _isSseDetected;

    private SseStatus? SseNow =>
        SpeaksSse ? new SseStatus(_isSseDetected, _sessions.Count, Options.SessionsMax) : null;

    private Task<UpstreamResponse> RouteAsync(UpstreamRequest request, CancellationToken cancellationToken)
    {
        if (SseSessions.IsOne(request.SessionId))
            return SendInSessionAsync(request, request.SessionId!, cancellationToken);
        if (Options.Transport == ServerTransport.Sse)
        {
            return IsInitialize(request)
                ? InitializeAsync(request, cancellationToken)
                : Task.FromResult(request.SessionId is null ? WithoutSession(request) : SseSessions.Gone(request));
        }

        // A Streamable HTTP session may be older than the detection.
        if (Options.Transport == ServerTransport.Http || request.SessionId is not null)
            return SendAsync(request, null, null, cancellationToken);
        if (IsInitialize(request) || request.Message is { Method: McpMethods.ServerDiscover })
            return DetectAsync(request, cancellationToken);
        return _isSseDetected
            ? Task.FromResult(WithoutSession(request))
            : SendAsync(request, null, null, cancellationToken);
    }

    private static bool IsInitialize(UpstreamRequest request) =>
        request is { SessionId: null, Revision: McpRevision.Legacy, Message.Method: McpMethods.Initialize };

    private async Task<UpstreamResponse> SendInSessionAsync(
        UpstreamRequest request, string id, CancellationToken cancellationToken)
    {
        if (_sessions.Find(id) is not { } session)
            return SseSessions.Gone(request);
        if (request.Method == HttpMethod.Get)
            return session.OpenStream();
        if (request.Method == HttpMethod.Post)
            return await session.PostAsync(request, request.Message!, cancellationToken);
        session.End("closed", "its session was ended.");
        await session.DisposeAsync();
        return MessageAnswers.Empty(HttpStatusCode.OK);
    }

    /// <summary>Begins a session with a server that speaks HTTP+SSE.</summary>
    private async Task<UpstreamResponse> InitializeAsync(
        UpstreamRequest request, CancellationToken cancellationToken)
    {
        await _sessions.ReserveAsync(request);
        Opening opening = default;
        try
        {
            opening = await OpenAsync(request, cancellationToken);
        }
        finally
        {
            if (opening.Channel is null)
                _sessions.Release(request.Caller);
        }

        if (opening.Channel is { } channel)
            return await BeginAsync(request, channel, cancellationToken);
        if (_isSseDetected)
        {
            // The server was replaced by another one.
            _isSseDetected = false;
            opening.Answer?.Dispose();
            return await DetectAsync(request, cancellationToken);
        }

        return opening.Answer ?? throw new UpstreamException(
            UpstreamFailure.InvalidAnswer, false,
            $"{opening.Why}. Check that its URL is the address of the event stream, usually /sse, or register it "
                + "without \"transport\".",
            null);
    }

    private async Task<UpstreamResponse> BeginAsync(
        UpstreamRequest request, SseChannel channel, CancellationToken cancellationToken)
    {
        var session = _sessions.Begin(channel, request);
        try
        {
            var answer = await session.PostAsync(request, request.Message!, cancellationToken);
            return session.IsEnding ? answer : answer.WithSession(session.SessionId!);
        }
        catch
        {
            // The client has not received the session's id.
            session.End("closed", "its session did not begin.");
            throw;
        }
    }

    private async Task<UpstreamResponse> DetectAsync(UpstreamRequest request, CancellationToken cancellationToken)
    {
        var begins = IsInitialize(request);
        if (_isSseDetected)
            return begins ? await InitializeAsync(request, cancellationToken) : WithoutSession(request);
        var answer = await SendAsync(request, null, null, cancellationToken);
        // Servers of the revisions with initialize reject server/discover with JSON; the client then sends initialize.
        if (answer.StatusCode is not (400 or 404 or 405) || (!begins && answer.MediaType == MediaTypes.Json))
            return answer;
        Opening opening;
        try
        {
            opening = await OpenAsync(request, cancellationToken);
            if (opening.Channel is null)
            {
                opening.Answer?.Dispose();
                return answer;
            }
        }
        catch (UpstreamException e) when (e.Failure != UpstreamFailure.Endpoint)
        {
            return answer;
        }
        catch
        {
            answer.Dispose();
            throw;
        }

        answer.Dispose();
        if (!_isSseDetected)
            LogDetected(Options.ServerName);
        _isSseDetected = true;
        if (!begins)
        {
            opening.Channel.Dispose();
            return WithoutSession(request);
        }

        try
        {
            await _sessions.ReserveAsync(request);
        }
        catch
        {
            opening.Channel.Dispose();
            throw;
        }

        // The permit was spent on the first attempt, which the server refused; this is the same call.
        return await BeginAsync(request.WithBefore(null), opening.Channel, cancellationToken);
    }

    /// <summary>Opens an event stream and reads its first event.</summary>
    /// <exception cref="UpstreamException">
    /// There is no connection, or the server speaks HTTP+SSE and its endpoint must not be used.
    /// </exception>
    private async Task<Opening> OpenAsync(UpstreamRequest request, CancellationToken cancellationToken)
    {
        var get = new UpstreamRequest
        {
            Method = HttpMethod.Get,
            ClientHeaders = new HeaderDictionary { ["Accept"] = MediaTypes.EventStream },
            CallId = request.CallId,
            TraceParent = request.TraceParent,
            Caller = request.Caller,
            Grant = request.Grant,
            SubjectToken = request.SubjectToken,
            Memory = request.Memory,
        };
        using var limit = new CancellationTokenSource(Options.EndpointWait, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        SseChannel? channel = null;
        try
        {
            var stream = await SendAsync(get, null, null, either.Token);
            if (stream.StatusCode >= 300)
                return new Opening(null, stream, $"it responded to GET with HTTP {stream.StatusCode}");
            if (stream is not { StatusCode: 200, MediaType: MediaTypes.EventStream })
            {
                var type = stream.MediaType.Length > 0 ? Printable.Of(stream.MediaType) : "no content type";
                var status = stream.StatusCode;
                stream.Dispose();
                return new Opening(
                    null, null, $"it responded to GET with HTTP {status} and {type}, not with an event stream");
            }

            channel = new SseChannel(
                stream, _replicas.All.First(one => one.Url == get.SentTo), Options.EventBytesMax, _memory,
                request.Memory ?? new MemoryShare(request.Caller));
            if (await channel.ReadEndpointAsync(either.Token) is not { } fault)
            {
                var opened = channel;
                channel = null;
                return new Opening(opened, null, null);
            }

            return fault.IsSse
                ? throw new UpstreamException(UpstreamFailure.Endpoint, request.WasWritten, $"{fault.Why}.", null)
                : new Opening(null, null, fault.Why);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Opening(
                null, null, $"it sent no endpoint event within {Options.EndpointWait.TotalSeconds:0.###} s");
        }
        finally
        {
            channel?.Dispose();
        }
    }

    private Task<UpstreamResponse> SendAsync(
        UpstreamRequest request, SseChannel channel, CancellationToken cancellationToken) =>
        SendAsync(request, channel.Replica, channel.Endpoint, cancellationToken);

    private static UpstreamResponse WithoutSession(UpstreamRequest request)
    {
        if (request.Message is not { } message)
            return MessageAnswers.Empty(HttpStatusCode.MethodNotAllowed);
        if (message.Method == McpMethods.ServerDiscover)
        {
            return MessageAnswers.Error(HttpStatusCode.BadRequest, message.Id.Span, McpErrorCodes.MethodNotFound,
                "The server speaks the older HTTP+SSE transport, which has no server/discover. Use initialize.");
        }

        if (request.Revision == McpRevision.Legacy)
        {
            return MessageAnswers.Error(HttpStatusCode.BadRequest, message.Id.Span, McpErrorCodes.InvalidRequest,
                "A session is needed. Start a session with initialize.");
        }

        var supported = string.Join(',', McpVersions.Handshakes.Select(static one => $"\"{one}\""));
        return MessageAnswers.Error(
            HttpStatusCode.BadRequest, message.Id.Span, McpErrorCodes.UnsupportedProtocolVersion,
            "The server speaks the older HTTP+SSE transport, whose revisions begin with initialize.",
            Encoding.ASCII.GetBytes($$"""{"supported":[{{supported}}]}"""));
    }

    // A stream that the gateway only reads does not reveal that its server has disappeared without a FIN.
    private static NetworkStream Watched(NetworkStream stream)
    {
        stream.Socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        stream.Socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
        stream.Socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveSeconds);
        stream.Socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveProbes);
        return stream;
    }

    private readonly record struct Opening(SseChannel? Channel, UpstreamResponse? Answer, string? Why);

    [LoggerMessage(7, LogLevel.Information,
        "{Server} speaks the older HTTP+SSE transport. Set \"transport\": \"sse\" to save an attempt at each start")]
    private partial void LogDetected(string server);
}
