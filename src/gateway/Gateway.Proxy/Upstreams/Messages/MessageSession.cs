using System.Globalization;
using System.Net;
using System.Text;
using Gateway.Control.Memory;
using Gateway.Control.Updating;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Upstreams.Messages;

/// <summary>
/// A channel to a server that carries whole messages in both directions: the pipes of a program, or an event stream
/// with its POSTs. It belongs to one legacy session, or to the stateless requests of one grant.
/// </summary>
internal abstract class MessageSession
{
    private readonly PendingCalls _pending;
    private readonly ServerMessageBuffer _held;
    private readonly MessageRouter _router;
    private readonly MemoryShare _share;
    private long _lastUsed;
    private int _messages;

    /// <param name="first">The request for which it is opened.</param>
    /// <param name="sessionId">The legacy session that it belongs to; null if stateless requests share it.</param>
    /// <param name="callsMax">The maximum number of open requests.</param>
    /// <param name="memory">The memory budget of its messages.</param>
    /// <param name="time">The clock.</param>
    protected MessageSession(
        UpstreamRequest first, string? sessionId, int callsMax, MemoryBudget memory, TimeProvider time)
    {
        (Caller, SessionId, Memory, Time) = (first.Caller, sessionId, memory, time);
        _share = first.Memory ?? new MemoryShare(first.Caller);
        _held = new ServerMessageBuffer(memory, _share);
        _pending = new PendingCalls(callsMax);
        _router = new MessageRouter(sessionId is null, _pending, _held, Post);
        _lastUsed = time.GetTimestamp();
    }

    /// <summary>The legacy session that it belongs to; null if a grant's stateless requests share it.</summary>
    public string? SessionId { get; }

    /// <summary>The grant that it runs for.</summary>
    public string Caller { get; }

    /// <summary>True if the server has ever responded.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>True if it accepts no further requests.</summary>
    public abstract bool IsEnding { get; }

    /// <summary>The number of open requests.</summary>
    public int OpenCalls => _pending.Count;

    /// <summary>
    /// The time since the last message from or for its client; zero while a call is open. An open stream does not count
    /// as use, because its client may have disappeared.
    /// </summary>
    public TimeSpan Idle => _pending.Count > 0
        ? TimeSpan.Zero
        : Time.GetElapsedTime(Volatile.Read(ref _lastUsed));

    /// <summary>Like <see cref="Idle"/>, except that a call whose client has left does not count as use.</summary>
    public TimeSpan Unawaited => _pending.IsAwaited
        ? TimeSpan.Zero
        : Time.GetElapsedTime(Volatile.Read(ref _lastUsed));

    /// <summary>True if a second message arrived, which shows that the client received the session's id.</summary>
    public bool IsConfirmed => Volatile.Read(ref _messages) > 1;

    protected MemoryBudget Memory { get; }

    protected MemoryShare Share => _share;

    protected TimeProvider Time { get; }

    /// <summary>The maximum time that <c>server/discover</c> may stay without a response.</summary>
    protected virtual TimeSpan DiscoverMax => Timeout.InfiniteTimeSpan;

    /// <summary>True if the channel has ended and the server has read nothing that was sent.</summary>
    protected virtual bool IsUnread => false;

    /// <summary>Sends the message of a POST.</summary>
    public async Task<UpstreamResponse> PostAsync(
        UpstreamRequest request, McpMessage message, CancellationToken cancellationToken)
    {
        Use();
        if (message.Kind == McpMessageKind.Request)
            return await CallAsync(request, message, cancellationToken);
        if (SessionId is null && message.Method == McpMethods.Cancelled)
        {
            // In this revision, closing the stream is the cancellation; the id alone could belong to any client of this
            // grant.
            if (request.BeforeFirstByte is { } before)
                await before(cancellationToken);
            return MessageAnswers.Accepted();
        }

        if (await WriteAsync(Encode(message), request, null, cancellationToken) is { } refusal)
            return refusal;
        if (message.Method == McpMethods.Cancelled && ServerMessage.Read(message.Body) is { } cancel
            && _pending.Find(cancel.RequestId.Span) is { } cancelled && _pending.Remove(cancelled))
        {
            // No response will arrive any more (legacy, Cancellation), and its stream would otherwise stay open
            // forever.
            cancelled.Queue.End();
        }

        return MessageAnswers.Accepted();
    }

    /// <summary>Opens the session's own stream; responds with a conflict while another is open.</summary>
    public UpstreamResponse OpenStream()
    {
        Use();
        return _held.TryOpen() is { } queue
            ? MessageAnswers.Events(new SseStream(queue, null, () => _held.CloseStream()))
            : MessageAnswers.Error(HttpStatusCode.Conflict, default, McpErrorCodes.InvalidRequest,
                "This session already has an open stream; only one is allowed at a time.");
    }

    /// <summary>Returns a message as the channel carries it, with some of its values replaced.</summary>
    protected abstract ReadOnlyMemory<byte> Encode(McpMessage message, params ReadOnlySpan<ValueEdit> edits);

    /// <summary>
    /// Sends a message once; <see cref="UpstreamRequest.BeforeFirstByte"/> runs immediately before its first byte.
    /// </summary>
    /// <returns>The response if the server refused the message; null if it accepted it.</returns>
    protected abstract Task<UpstreamResponse?> WriteAsync(
        ReadOnlyMemory<byte> message, UpstreamRequest request, PendingCall? call, CancellationToken cancellationToken);

    /// <summary>Sends a message of the gateway, if there is room for it.</summary>
    protected abstract void Post(byte[] message);

    /// <summary>Begins to end the channel.</summary>
    protected abstract void End(string why);

    /// <summary>
    /// Routes a message of the server to its client; returns false if it is not a message or has no recipient.
    /// </summary>
    protected async ValueTask<bool> ReceiveAsync(ReadOnlyMemory<byte> bytes)
    {
        if (ServerMessage.Read(bytes) is not { } message || !await _router.RouteAsync(message))
            return false;
        HasAnswered |= message.Kind == McpMessageKind.Response;
        // A message without a recipient does not keep the session alive.
        if (message.Kind == McpMessageKind.Response || _held.HasStream)
            Volatile.Write(ref _lastUsed, Time.GetTimestamp());
        return true;
    }

    /// <summary>Breaks the open calls and the stream, because the channel has ended.</summary>
    protected void Close(IOException ofCalls, IOException ofStream)
    {
        _pending.Close(ofCalls);
        _held.CloseStream(ofStream);
        _held.Clear();
    }

    private void Use()
    {
        Volatile.Write(ref _lastUsed, Time.GetTimestamp());
        Interlocked.Increment(ref _messages);
    }

    private async Task<UpstreamResponse> CallAsync(
        UpstreamRequest request, McpMessage message, CancellationToken cancellationToken)
    {
        var call = Enter(request, message, out var encoded);
        try
        {
            if (await WriteAsync(encoded, request, call, cancellationToken) is { } refusal)
            {
                _pending.Remove(call);
                call.Queue.Close();
                if (message.Method == McpMethods.Initialize)
                    End("its session did not begin.");
                return refusal;
            }

            if (SessionId is not null && call.TakesEvents)
                _held.GiveTo(call.Queue);
            using var limit = new LinkedTimeout(
                message.Method == McpMethods.ServerDiscover ? DiscoverMax : Timeout.InfiniteTimeSpan, Time,
                cancellationToken);
            return Answer(call, await call.Queue.TakeAsync(limit.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Abandon(call);
            EndIfUnused();
            return MessageAnswers.Error(HttpStatusCode.BadRequest, message.Id.Span, McpErrorCodes.MethodNotFound,
                "The server does not respond to server/discover; it may only know older revisions. Use initialize.");
        }
        catch (IOException e) when (e is not UpstreamException)
        {
            call.Queue.Close();
            // A program that was never started, or that ended at once, has not seen the call.
            if (IsUnread)
                request.WasWritten = false;
            throw new UpstreamException(UpstreamFailure.Ended, request.WasWritten, e.Message, e);
        }
        catch
        {
            // The call was not written, or no client waits for it any more.
            Abandon(call);
            throw;
        }
    }

    private PendingCall Enter(UpstreamRequest request, McpMessage message, out ReadOnlyMemory<byte> encoded)
    {
        var number = _pending.NextNumber();
        var queue = new MessageQueue(Memory, _share);
        PendingCall call;
        if (SessionId is null)
        {
            var id = Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
            var token = message.ProgressToken;
            call = new PendingCall(
                request, message, IdKey.Of(number), token.IsEmpty ? null : IdKey.Of(number), number, queue);
            encoded = Encode(message, new(message.Id, id), new(token, id));
        }
        else
        {
            var key = IdKey.Of(message.Id.Span)!;
            call = new PendingCall(request, message, key, IdKey.Of(message.ProgressToken.Span), number, queue);
            encoded = Encode(message);
        }

        if (_pending.TryAdd(call) is { } why)
            throw new UpstreamException(UpstreamFailure.AtBound, false, why, null);
        return call;
    }

    private UpstreamResponse Answer(PendingCall call, QueuedMessage? first)
    {
        if (first is { IsLast: true })
        {
            HasAnswered = true;
            if (call.Message.Method == McpMethods.Initialize && first.ErrorCode is not null)
                End("its session did not begin.");
            else if (call.Message.Method == McpMethods.ServerDiscover && first.ErrorCode is not null)
                EndIfUnused();
            return MessageAnswers.Json(
                MessageAnswers.StatusOf(call.Request.Revision, call.Message.Method, first.ErrorCode), first.Bytes,
                call.Queue.AsHeld());
        }

        return MessageAnswers.Events(new SseStream(call.Queue, first, () => Abandon(call)));
    }

    // The client now opens a session, which has its own channel; this one would stay idle for half an hour.
    private void EndIfUnused()
    {
        if (SessionId is null && _pending.Count == 0)
            End("it does not respond to server/discover.");
    }

    // In all revisions: a legacy client's disconnect is not a cancellation, but by now no client waits for this
    // response.
    private void Abandon(PendingCall call)
    {
        Volatile.Write(ref _lastUsed, Time.GetTimestamp());
        call.Queue.Close();
        if (!_pending.Remove(call) || !call.Request.WasWritten || call.Message.Method == McpMethods.Initialize)
            return;
        var id = SessionId is null ? Encoding.ASCII.GetBytes(call.Key[1..]) : call.Message.Id;
        Post([.. "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":"u8,
            .. id.Span, .. ",\"reason\":\"the client is gone\"}}"u8]);
    }
}
