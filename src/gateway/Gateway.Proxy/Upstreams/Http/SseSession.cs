using System.Security.Cryptography;
using Gateway.Control.Memory;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Mcp;
using Gateway.Proxy.Upstreams.Connections;
using Gateway.Proxy.Upstreams.Credentials;
using Gateway.Proxy.Upstreams.Messages;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Upstreams.Http;

/// <summary>The shared context of all HTTP+SSE sessions of one server.</summary>
internal sealed record SseContext(
    HttpUpstreamOptions Options, ServerConnectionMetrics Metrics, MemoryBudget Memory, TimeProvider Time,
    Func<UpstreamRequest, SseChannel, CancellationToken, Task<UpstreamResponse>> Send);

/// <summary>One legacy session over HTTP+SSE, which lives as long as its event stream.</summary>
internal sealed class SseSession : MessageSession, IAsyncDisposable
{
    private const int OwnPostsMax = 64;
    private const int DrainBytes = 64 * 1024;
    private static readonly TimeSpan OwnPostWait = TimeSpan.FromSeconds(5);
    private readonly SseContext _context;
    private readonly SseChannel _channel;
    private readonly string _callId;
    private readonly GrantModel? _grant;
    private readonly SubjectToken? _subject;
    private readonly Action<SseSession> _atEnd;
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationToken _ended;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _ownPosts;
    private (string Reason, string Why)? _why;

    public SseSession(
        SseContext context, SseChannel channel, UpstreamRequest first, string sessionId, Action<SseSession> atEnd)
        : base(first, sessionId, context.Options.CallsPerSessionMax, context.Memory, context.Time)
    {
        (_context, _channel, _atEnd, _ended) = (context, channel, atEnd, _end.Token);
        (_callId, _grant, _subject) = (first.CallId, first.Grant, first.SubjectToken);
    }

    public override bool IsEnding
    {
        get
        {
            lock (_gate)
                return _why is not null;
        }
    }

    /// <summary>Begins to read the stream; called once.</summary>
    public void Run(CancellationToken callerEnded)
    {
        _context.Metrics.SessionOpened();
        _ = RunAsync(callerEnded);
    }

    /// <summary>Begins to end the session; the first reason is kept.</summary>
    public void End(string reason, string why)
    {
        lock (_gate)
        {
            if (_why is not null)
                return;
            _why = (reason, why);
        }

        _end.Cancel();
    }

    /// <summary>Ends the session; returns when its stream is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        End("closed", "the gateway is shutting down.");
        await _gone.Task;
    }

    protected override ReadOnlyMemory<byte> Encode(McpMessage message, params ReadOnlySpan<ValueEdit> edits) =>
        message.Body;

    protected override async Task<UpstreamResponse?> WriteAsync(
        ReadOnlyMemory<byte> message, UpstreamRequest request, PendingCall? call, CancellationToken cancellationToken)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sent = request.WithBefore(async token =>
        {
            if (request.BeforeFirstByte is { } before)
                await before(token);
            request.WasWritten = true;
            written.TrySetResult();
        });
        var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended);
        var posting = SendAsync(sent, either.Token, cancellationToken);
        if (call is not null)
        {
            // The stream may deliver the response before the POST has ended, but a response before the call was written
            // does not count.
            await Task.WhenAny(posting, written.Task);
            await Task.WhenAny(posting, call.Queue.ArrivedAsync());
            if (!posting.IsCompleted)
            {
                either.CancelAfter(OwnPostWait);
                _ = FinishAsync(posting, either);
                return null;
            }
        }

        UpstreamResponse response;
        using (either)
            response = await posting;
        if (response.StatusCode is >= 200 and < 300)
        {
            _ = DrainAsync(response);
            return null;
        }

        if (response.StatusCode is not (404 or 410))
            return response;
        response.Dispose();
        End("lost", $"the server no longer knows the session (HTTP {response.StatusCode}).");
        return SseSessions.Gone(request);
    }

    protected override void Post(byte[] message)
    {
        if (Interlocked.Increment(ref _ownPosts) > OwnPostsMax)
        {
            Interlocked.Decrement(ref _ownPosts);
            return;
        }

        _ = PostOwnAsync(message);
    }

    protected override void End(string why) => End("closed", why);

    private async Task PostOwnAsync(byte[] message)
    {
        var limit = new LinkedTimeout(OwnPostWait, Time, _ended);
        var request = new UpstreamRequest
        {
            Method = HttpMethod.Post,
            Body = message,
            ClientHeaders = new HeaderDictionary(),
            CallId = _callId,
            Caller = Caller,
            Grant = _grant,
            SubjectToken = _subject,
            Memory = Share,
        };
        await FinishAsync(SendAsync(request, limit.Token, CancellationToken.None), limit);
        Interlocked.Decrement(ref _ownPosts);
    }

    private async Task<UpstreamResponse> SendAsync(
        UpstreamRequest request, CancellationToken either, CancellationToken cancellationToken)
    {
        try
        {
            return await _context.Send(request, _channel, either);
        }
        catch (OperationCanceledException e) when (IsEnding && !cancellationToken.IsCancellationRequested)
        {
            throw new UpstreamException(UpstreamFailure.Ended, request.WasWritten, _why!.Value.Why, e);
        }
    }

    // The result of the POST is not needed: the response arrived on the stream, or none is due.
    private async Task FinishAsync(Task<UpstreamResponse> posting, CancellationTokenSource limit)
    {
        using var ended = limit;
        try
        {
            await DrainAsync(await posting);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // A broken session is detected by its stream.
        }
    }

    // A response body that is not read to its end closes the connection.
    private async Task DrainAsync(UpstreamResponse response)
    {
        using (response)
        using (var limit = new CancellationTokenSource(OwnPostWait, Time))
        {
            try
            {
                var buffer = new byte[1024];
                for (var left = DrainBytes; left > 0;)
                {
                    var count = await response.Body.ReadAsync(buffer, limit.Token);
                    left -= count > 0 ? count : left;
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or HttpRequestException)
            {
                // The message was accepted; only this connection is lost.
            }
        }
    }

    private async Task RunAsync(CancellationToken callerEnded)
    {
        using (callerEnded.UnsafeRegister(
            static state => ((SseSession)state!).End("closed", "its grant has ended."), this))
        {
            var (reason, why, error) = await ReadAsync();
            End(reason, why);
            (reason, why) = _why!.Value;
            _channel.Dispose();
            // Removed before any call is notified, because the next action of a client may depend on it.
            _atEnd(this);
            _context.Metrics.SessionEnded(reason);
            Close(error ?? new IOException(why), new IOException(why));
        }

        _gone.SetResult();
        _end.Dispose();
    }

    private async Task<(string Reason, string Why, IOException? Error)> ReadAsync()
    {
        try
        {
            while (await _channel.ReadAsync(_ended) is { } message)
            {
                if (!await ReceiveAsync(message))
                    _context.Metrics.Dropped();
            }

            return ("lost", "the server ended its event stream.", null);
        }
        catch (InvalidDataException e)
        {
            return ("bad_event", $"the server sent {e.Message}.", null);
        }
        catch (UpstreamException e)
        {
            return ("no_memory", e.Message, e);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            return ("lost", "its event stream broke off.", null);
        }
    }
}

/// <summary>The HTTP+SSE sessions with one server in this process, within their bounds.</summary>
internal sealed class SseSessions(SseContext context) : IAsyncDisposable
{
    // This character cannot occur in a server's session id (MCP, Session Management: 0x21 to 0x7E), so ids are
    // unambiguous.
    private const string Prefix = "sse ";
    private const int IdBytes = 16;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SseSession> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _byCaller = new(StringComparer.Ordinal);
    private ITimer? _timer;
    private int _reserved;
    private bool _isClosed;

    public int Count
    {
        get
        {
            lock (_gate)
                return _open.Count;
        }
    }

    /// <summary>Returns true if a session id names an HTTP+SSE session of any frontend.</summary>
    public static bool IsOne(string? sessionId) =>
        sessionId is not null && sessionId.StartsWith(Prefix, StringComparison.Ordinal);

    public static UpstreamResponse Gone(UpstreamRequest request) => MessageAnswers.Error(
        System.Net.HttpStatusCode.NotFound, request.Message is { } message ? message.Id.Span : default,
        McpErrorCodes.InvalidRequest,
        "The session has ended with its event stream, or another frontend holds it. Start a new session with "
            + "initialize.");

    public SseSession? Find(string id)
    {
        lock (_gate)
            return _open.TryGetValue(id, out var session) && !session.IsEnding ? session : null;
    }

    /// <summary>
    /// Reserves a place for one more session; if needed, evicts the session that was idle the longest.
    /// </summary>
    /// <exception cref="UpstreamException">There are too many sessions.</exception>
    public async Task ReserveAsync(UpstreamRequest request)
    {
        var options = context.Options;
        SseSession? idlest;
        lock (_gate)
        {
            var own = _byCaller.GetValueOrDefault(request.Caller);
            var isOwnBound = own >= options.SessionsPerCallerMax;
            if (_isClosed)
                throw new UpstreamException(UpstreamFailure.AtBound, false, "the gateway is shutting down.", null);
            idlest = !isOwnBound && _reserved < options.SessionsMax ? null
                : _open.Values.Where(one => (!isOwnBound || one.Caller == request.Caller)
                    && one.Unawaited >= options.SessionMakeRoomAfter).MaxBy(static one => one.Unawaited)
                ?? throw new UpstreamException(
                    UpstreamFailure.AtBound, false,
                    $"it has too many sessions at this gateway. This grant may have {options.SessionsPerCallerMax}, "
                        + $"all grants together {options.SessionsMax}.",
                    null);
            _reserved++;
            _byCaller[request.Caller] = own + 1;
        }

        if (idlest is null)
            return;
        idlest.End("idle", "it was idle, and made room for another session.");
        await idlest.DisposeAsync();
    }

    /// <summary>Returns a place that <see cref="ReserveAsync"/> reserved.</summary>
    public void Release(string caller)
    {
        lock (_gate)
        {
            _reserved--;
            if (--_byCaller[caller] == 0)
                _byCaller.Remove(caller);
        }
    }

    /// <summary>Begins a session in a reserved place; its end returns the place.</summary>
    public SseSession Begin(SseChannel channel, UpstreamRequest first)
    {
        var id = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        var session = new SseSession(context, channel, first, id, Remove);
        bool isClosed;
        lock (_gate)
        {
            _open[id] = session;
            _timer ??= context.Time.CreateTimer(
                static state => ((SseSessions)state!).EndIdle(), this, LookEvery, LookEvery);
            isClosed = _isClosed;
        }

        session.Run(first.CallerEnded);
        if (isClosed)
            session.End("closed", "the gateway is shutting down.");
        return session;
    }

    public async ValueTask DisposeAsync()
    {
        SseSession[] open;
        lock (_gate)
        {
            _isClosed = true;
            open = [.. _open.Values];
        }

        if (_timer is { } timer)
            await timer.DisposeAsync();
        await Task.WhenAll(open.Select(static one => one.DisposeAsync().AsTask()));
    }

    private void Remove(SseSession session)
    {
        lock (_gate)
            _open.Remove(session.SessionId!);
        Release(session.Caller);
    }

    private void EndIdle()
    {
        SseSession[] open;
        lock (_gate)
            open = [.. _open.Values];
        foreach (var session in open)
        {
            var max = session.IsConfirmed ? context.Options.SessionIdleMax : context.Options.SessionUnconfirmedMax;
            if (session.Idle >= max)
                session.End("idle", "it was unused for a while.");
        }
    }
}
