using System.Collections.Immutable;
using System.Net;
using Gateway.Control.Memory;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Upstreams.Relay;
using Gateway.Upstreams.Stdio.Calls;
using Gateway.Upstreams.Stdio.Lines;
using Gateway.Upstreams.Stdio.Processes;
using Microsoft.Extensions.Logging;

namespace Gateway.Upstreams.Stdio;

/// <summary>One running program and the messages to and from it: of one legacy session, or of one grant.</summary>
internal sealed partial class StdioProcess
{
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(5);
    private readonly StdioUpstreamOptions _options;
    private readonly StdioMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ChildProcess _process;
    private readonly PendingCalls _pending;
    private readonly MemoryBudget _memory;
    private readonly MemoryShare _share;
    private readonly ServerMessageBuffer _held;
    private readonly LineWriter _writer;
    private readonly LineRouter _router;
    private readonly LastLines _lastLines = new();
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<(ChildEnd End, string Why)> _ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<StdioProcess, ChildEnd, string> _atEnd;
    private readonly DateTimeOffset _startedAt;
    private long _lastUsed;
    private int _messages;
    private volatile bool _isUnread;
    private ChildEnd? _end;
    private string? _why;

    public StdioProcess(
        StdioContext context, ChildProcess process, UpstreamRequest first, string? sessionId,
        Action<StdioProcess, ChildEnd, string> atEnd)
    {
        (_atEnd, Caller, SessionId, _startedAt) = (atEnd, first.Caller, sessionId, context.Time.GetUtcNow());
        (_memory, _share) = (context.Memory, first.Memory ?? new MemoryShare(first.Caller));
        _held = new ServerMessageBuffer(_memory, _share);
        (_process, _options, _metrics) = (process, context.Options, context.Metrics);
        (_time, _logger) = (context.Time, context.Logger);
        _pending = new PendingCalls(_options.CallsPerChildMax);
        _writer = new LineWriter(process.Input, _options.LinesMax);
        _router = new LineRouter(sessionId is null, _pending, _held, _writer.Post);
        _lastUsed = _time.GetTimestamp();
    }

    /// <summary>
    /// The legacy session that it belongs to; null for the one that a grant's stateless requests share.
    /// </summary>
    public string? SessionId { get; }

    /// <summary>The grant that it runs for.</summary>
    public string Caller { get; }

    /// <summary>What it wrote last on its standard error: for the operator, never for an agent.</summary>
    public ImmutableArray<string> LastLines => _lastLines.Read();

    /// <summary>Whether it has answered anything, ever.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>Ends when the process and its group are gone and every call has heard of it; says why.</summary>
    public Task<(ChildEnd End, string Why)> Ended => _ended.Task;

    public bool IsEnding
    {
        get
        {
            lock (_gate)
                return _end is not null;
        }
    }

    /// <summary>
    /// The time since the last message from or for its client; zero while a call is under way. An open stream is no use
    /// of it, because its client may have disappeared.
    /// </summary>
    public TimeSpan Idle => _pending.Count > 0
        ? TimeSpan.Zero
        : _time.GetElapsedTime(Volatile.Read(ref _lastUsed));

    /// <summary>The same, where a call whose client has gone does not count as use.</summary>
    public TimeSpan Unawaited => _pending.IsAwaited
        ? TimeSpan.Zero
        : _time.GetElapsedTime(Volatile.Read(ref _lastUsed));

    public StdioChildStatus Status =>
        new(_process.Id, Caller, SessionId is null, _startedAt, _pending.Count, Idle);

    /// <summary>Whether a second message ever came: a client that saw the session's id.</summary>
    public bool IsConfirmed => Volatile.Read(ref _messages) > 1;

    /// <summary>Begins to read and write; once.</summary>
    public void Run()
    {
        LogStarted(_options.ServerName, _process.Id, Caller);
        _ = RunAsync();
    }

    /// <summary>Sends what a POST brought.</summary>
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
            return StdioAnswers.Accepted();
        }

        await _writer.WriteAsync(LineEdit.ToLine(message.Body), request, cancellationToken);
        if (message.Method == McpMethods.Cancelled && StdioMessage.Read(message.Body) is { } cancel
            && _pending.Find(cancel.RequestId.Span) is { } cancelled && _pending.Remove(cancelled))
        {
            // No answer will come any more (legacy, Cancellation), and its stream would stay open for ever.
            cancelled.Queue.End();
        }

        return StdioAnswers.Accepted();
    }

    /// <summary>Opens the session's own stream; null while another is open.</summary>
    public UpstreamResponse? OpenStream()
    {
        Use();
        return _held.TryOpen() is { } queue
            ? StdioAnswers.Events(new SseStream(queue, null, () => _held.CloseStream()))
            : null;
    }

    private void Use()
    {
        Volatile.Write(ref _lastUsed, _time.GetTimestamp());
        Interlocked.Increment(ref _messages);
    }

    private async Task<UpstreamResponse> CallAsync(
        UpstreamRequest request, McpMessage message, CancellationToken cancellationToken)
    {
        var call = Enter(request, message, out var line);
        try
        {
            await _writer.WriteAsync(line, request, cancellationToken);
            if (SessionId is not null && call.TakesEvents)
                _held.GiveTo(call.Queue);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (message.Method == McpMethods.ServerDiscover)
                limit.CancelAfter(_options.DiscoverMax);
            return Answer(call, await call.Queue.TakeAsync(limit.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Abandon(call);
            StopIfUnused();
            return StdioAnswers.Error(HttpStatusCode.BadRequest, message.Id.Span, McpErrorCodes.MethodNotFound,
                "The server does not answer server/discover; it may know older revisions only. Use initialize.");
        }
        catch (IOException e) when (e is not UpstreamException)
        {
            call.Queue.Close();
            // A program that was never started, or ended at once, has not seen the call.
            if (_isUnread)
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

    private PendingCall Enter(UpstreamRequest request, McpMessage message, out byte[] line)
    {
        var number = _pending.NextNumber();
        var queue = new MessageQueue(_memory, _share);
        PendingCall call;
        if (SessionId is null)
        {
            var id = System.Text.Encoding.ASCII.GetBytes(
                number.ToString(System.Globalization.CultureInfo.InvariantCulture));
            var token = message.ProgressToken;
            call = new PendingCall(
                request, message, IdKey.Of(number), token.IsEmpty ? null : IdKey.Of(number), number, queue);
            line = LineEdit.ToLine(message.Body, new(message.Id, id), new(token, id));
        }
        else
        {
            var key = IdKey.Of(message.Id.Span)!;
            call = new PendingCall(request, message, key, IdKey.Of(message.ProgressToken.Span), number, queue);
            line = LineEdit.ToLine(message.Body);
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
                _ = StopAsync(ChildEnd.Stopped, "its session did not begin.");
            else if (call.Message.Method == McpMethods.ServerDiscover && first.ErrorCode is not null)
                StopIfUnused();
            return StdioAnswers.Json(
                StdioAnswers.StatusOf(call.Request.Era, call.Message.Method, first.ErrorCode), first.Bytes,
                call.Queue.AsHeld());
        }

        return StdioAnswers.Events(new SseStream(call.Queue, first, () => Abandon(call)));
    }

    // The client now opens a session, which has a program of its own; this one would idle for half an hour.
    private void StopIfUnused()
    {
        if (SessionId is null && _pending.Count == 0)
            _ = StopAsync(ChildEnd.Stopped, "it does not answer server/discover.");
    }

    // In both eras: a legacy client's disconnect is no cancel, but by now nobody waits for this answer any more.
    private void Abandon(PendingCall call)
    {
        Volatile.Write(ref _lastUsed, _time.GetTimestamp());
        call.Queue.Close();
        if (!_pending.Remove(call) || !call.Request.WasWritten || call.Message.Method == McpMethods.Initialize)
            return;
        var id = SessionId is null ? System.Text.Encoding.ASCII.GetBytes(call.Key[1..]) : call.Message.Id;
        _writer.Post([.. "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":"u8,
            .. id.Span, .. ",\"reason\":\"the client is gone\"}}\n"u8]);
    }
}
