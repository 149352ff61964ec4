using System.Globalization;
using System.Net;
using System.Text;
using Gateway.Control.Memory;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Upstreams.Messages;

/// <summary>
/// A channel to a server that carries whole messages both ways: the pipes of a program, or an event stream and the
/// POSTs beside it. It belongs to one legacy session, or to the stateless requests of one grant.
/// </summary>
internal abstract class MessageSession
{
    private readonly PendingCalls _pending;
    private readonly ServerMessageBuffer _held;
    private readonly MessageRouter _router;
    private readonly MemoryShare _share;
    private long _lastUsed;
    private int _messages;

    /// <param name="first">The request that it is opened for.</param>
    /// <param name="sessionId">The legacy session that it belongs to; null where stateless requests share it.</param>
    /// <param name="callsMax">The most requests under way.</param>
    /// <param name="memory">The memory that messages are kept in.</param>
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

    /// <summary>The legacy session that it belongs to; null where a grant's stateless requests share it.</summary>
    public string? SessionId { get; }

    /// <summary>The grant that it runs for.</summary>
    public string Caller { get; }

    /// <summary>Whether the server has responded to anything, ever.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>Whether it takes no further requests.</summary>
    public abstract bool IsEnding { get; }

    /// <summary>Requests under way.</summary>
    public int OpenCalls => _pending.Count;

    /// <summary>
    /// The time since the last message from or for its client; zero while a call is under way. An open stream does not
    /// count as use, because its client may have disappeared.
    /// </summary>
    public TimeSpan Idle => _pending.Count > 0
        ? TimeSpan.Zero
        : Time.GetElapsedTime(Volatile.Read(ref _lastUsed));

    /// <summary>The same, where a call whose client has gone does not count as use.</summary>
    public TimeSpan Unawaited => _pending.IsAwaited
        ? TimeSpan.Zero
        : Time.GetElapsedTime(Volatile.Read(ref _lastUsed));

    /// <summary>Whether a second message ever came: a client that saw the session's id.</summary>
    public bool IsConfirmed => Volatile.Read(ref _messages) > 1;

    protected MemoryBudget Memory { get; }

    protected MemoryShare Share => _share;

    protected TimeProvider Time { get; }

    /// <summary>How long <c>server/discover</c> may stay without a response.</summary>
    protected virtual TimeSpan DiscoverMax => Timeout.InfiniteTimeSpan;

    /// <summary>Whether the channel has ended and the server has read nothing of what was sent.</summary>
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
            // Closing the stream is the cancel in this era; an id alone may be any client's of this grant.
            if (request.BeforeFirstByte is { } before)
                await before(cancellationToken);
            return MessageAnswers.Accepted();
        }

        if (await WriteAsync(Encode(message), request, null, cancellationToken) is { } refusal)
            return refusal;
        if (message.Method == McpMethods.Cancelled && ServerMessage.Read(message.Body) is { } cancel
            && _pending.Find(cancel.RequestId.Span) is { } cancelled && _pending.Remove(cancelled))
        {
            // No answer will come any more (legacy, Cancellation), and its stream would stay open for ever.
            cancelled.Queue.End();
        }

        return MessageAnswers.Accepted();
    }

    /// <summary>Opens the session's own stream; a conflict while another is open.</summary>
    public UpstreamResponse OpenStream()
    {
        Use();
        return _held.TryOpen() is { } queue
            ? MessageAnswers.Events(new SseStream(queue, null, () => _held.CloseStream()))
            : MessageAnswers.Error(HttpStatusCode.Conflict, default, McpErrorCodes.InvalidRequest,
                "This session has a stream open already; it has one at a time.");
    }

    /// <summary>A message as the channel carries it, with some of its values replaced.</summary>
    protected abstract ReadOnlyMemory<byte> Encode(McpMessage message, params ReadOnlySpan<ValueEdit> edits);

    /// <summary>
    /// Sends a message once; <see cref="UpstreamRequest.BeforeFirstByte"/> runs right before its first byte.
    /// </summary>
    /// <returns>The response where the server refused the message; null where it took it.</returns>
    protected abstract Task<UpstreamResponse?> WriteAsync(
        ReadOnlyMemory<byte> message, UpstreamRequest request, PendingCall? call, CancellationToken cancellationToken);

    /// <summary>Sends a message of the gateway's own, if there is room for it.</summary>
    protected abstract void Post(byte[] message);

    /// <summary>Begins to end the channel.</summary>
    protected abstract void End(string why);

    /// <summary>Routes a message of the server to its client; false where it is not a message, or nobody's.</summary>
    protected async ValueTask<bool> ReceiveAsync(ReadOnlyMemory<byte> bytes)
    {
        if (ServerMessage.Read(bytes) is not { } message || !await _router.RouteAsync(message))
            return false;
        HasAnswered |= message.Kind == McpMessageKind.Response;
        // A message that nobody takes does not keep the session alive.
        if (message.Kind == McpMessageKind.Response || _held.HasStream)
            Volatile.Write(ref _lastUsed, Time.GetTimestamp());
        return true;
    }

    /// <summary>The channel is gone: the calls under way and the stream break.</summary>
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
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (message.Method == McpMethods.ServerDiscover)
                limit.CancelAfter(DiscoverMax);
            return Answer(call, await call.Queue.TakeAsync(limit.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Abandon(call);
            EndIfUnused();
            return MessageAnswers.Error(HttpStatusCode.BadRequest, message.Id.Span, McpErrorCodes.MethodNotFound,
                "The server does not answer server/discover; it may know older revisions only. Use initialize.");
        }
        catch (IOException e) when (e is not UpstreamException)
        {
            call.Queue.Close();
            // A program that was never started, or ended at once, has not seen the call.
            if (IsUnread)
                request.WasWritten = false;
            throw new UpstreamException(UpstreamFailure.Ended, request.WasWritten, e.Message, e);
        }
        catch
        {
            // Not written, or nobody waits for it any more.
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
                MessageAnswers.StatusOf(call.Request.Era, call.Message.Method, first.ErrorCode), first.Bytes,
                call.Queue.AsHeld());
        }

        return MessageAnswers.Events(new SseStream(call.Queue, first, () => Abandon(call)));
    }

    // The client now opens a session, which has a channel of its own; this one would idle for half an hour.
    private void EndIfUnused()
    {
        if (SessionId is null && _pending.Count == 0)
            End("it does not answer server/discover.");
    }

    // In both eras: a legacy client's disconnect is no cancel, but by now nobody waits for this answer any more.
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
