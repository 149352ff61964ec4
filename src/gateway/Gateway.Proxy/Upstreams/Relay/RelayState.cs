using System.Buffers;
using System.IO.Pipelines;
using Gateway.Control.Memory;
using Gateway.Mcp.Events;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Writing;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>The mutable state of relaying one response; owned by the copy loop of that response.</summary>
internal sealed class RelayState(UpstreamResponse answer, HttpContext context, RelayPlan plan, RelayLife life)
{
    // Every call may use this much besides its message; a small response reserves nothing.
    private const int FreeBytes = 32 * 1024;

    // The amount of a response that the web server buffers before it makes the writer wait.
    private const int SliceBytes = 64 * 1024;

    private readonly ListChangeWatch? _lists =
        plan.OnListChanged is { } changed && answer.MediaType == MediaTypes.EventStream ? new(changed) : null;

    private bool _isEndReported;
    private bool _isAtEnd;
    private bool _hasResponse;
    private bool _hasMessage;
    private int _retryMs;
    private bool _isInEvent;
    private bool _wasGone; // when the last bytes were sent
    private long _held;
    private long _kept;

    public UpstreamResponse Answer { get; } = answer;

    public HttpContext Context { get; } = context;

    public RelayPlan Plan { get; } = plan;
    public RelayLife Life { get; } = life;

    public PipeWriter Writer { get; } = context.Response.BodyWriter;

    /// <summary>The server's name for error texts.</summary>
    public string Server => $"The server \"{Plan.ServerName}\"";

    public long Bytes { get; private set; }

    public bool IsError { get; private set; } = answer.StatusCode >= 400;

    /// <summary>True if the response is evaluated, beyond a search for the response message.</summary>
    public bool IsInspected { get; } =
        plan.ListFilter is not null || plan.InspectsErrors || plan.BeforeEnd is not null || plan.MustRewrite;

    /// <summary>True while the response to the request is missing.</summary>
    public bool LacksResponse =>
        Plan.ExpectsResponse && !_hasResponse && !IsError && Plan.IsCanceled?.Invoke() != true;

    /// <summary>
    /// True while the head waits for the response to <c>initialize</c>, because the session id contains the revision. A
    /// server that sends much before it does not delay the head further.
    /// </summary>
    private bool HoldsHead => Plan.Handshake is { IsOver: false } && Bytes < SliceBytes;

    /// <summary>True if the call's cost was refunded, so that a further response is not paid for.</summary>
    public bool IsGivenBack => _isEndReported && IsError && Plan.BeforeEnd is not null;

    /// <summary>True if the bytes relayed so far end with a complete event, so that a comment may follow.</summary>
    public bool IsBetweenEvents { get; set; } = true;

    /// <summary>
    /// Waits, without a buffer, until there are bytes to read or the end: a stream may be idle for hours, and its
    /// client then gets comments. Returns false if the server broke off.
    /// </summary>
    public async ValueTask<bool> WaitAsync(Stream body)
    {
        try
        {
            // Notices are written between two events, after the first one if required: nothing else is written until
            // this returns.
            var notices = IsBetweenEvents && Plan.Notices is { } own && (_hasMessage || !own.FollowFirst) ? own : null;
            if (notices is { Due.IsCompleted: true })
                await WriteAsync(notices);
            var reading = body.ReadAsync(Memory<byte>.Empty, Life.Token);
            if (reading.IsCompleted)
                _ = await reading;
            else
                _ = await CommentingAsync(reading.AsTask(), CommentAsync, notices);
            return true;
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            return false;
        }
    }

    /// <summary>Reads the available bytes; 0 at the end, -1 if the server broke off or sent damaged encoding.</summary>
    public async ValueTask<int> ReadAsync(Stream body, Memory<byte> into)
    {
        try
        {
            var reading = body.ReadAsync(into, Life.Token);
            var count = reading.IsCompleted || Bytes > 0 || Plan.CommentAhead is not { } comment
                ? await reading
                : await CommentingAsync(reading.AsTask(), comment);
            Life.Count(count);
            _lists?.See(into.Span[..count]);
            _isAtEnd |= count == 0 && !Life.CarriesEventIds;
            return count;
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            return -1;
        }
    }

    private async Task<int> CommentingAsync(
        Task<int> reading, Func<CancellationToken, ValueTask> comment, IStreamNotices? notices = null)
    {
        Task? either = null;
        while (true)
        {
            either ??= notices is null ? reading : Task.WhenAny(reading, notices.Due);
            await either.WaitAsync(Plan.CommentEvery, Plan.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (reading.IsCompleted)
                return await reading;
            if (notices is { Due.IsCompleted: true })
            {
                await WriteAsync(notices);
                either = null;
                continue;
            }

            // No client receives it any more, but the response is still read.
            if (!Context.RequestAborted.IsCancellationRequested)
                await comment(Life.Token);
        }
    }

    private async ValueTask WriteAsync(IStreamNotices notices)
    {
        var events = notices.Take();
        if (events.IsEmpty || Context.RequestAborted.IsCancellationRequested)
            return;
        Writer.Write(events.Span);
        await Writer.FlushAsync(Life.Token);
    }

    private async ValueTask CommentAsync(CancellationToken cancellationToken)
    {
        if (!IsBetweenEvents)
            return;
        Writer.Write(": keep-alive\n\n"u8);
        await Writer.FlushAsync(cancellationToken);
    }

    // The framework's decoders report invalid bytes with the last two.
    private static bool IsBroken(Exception error) => error is IOException or HttpRequestException
        or InvalidDataException or InvalidOperationException;

    /// <summary>
    /// Sends the buffered bytes; returns false if the client has left and the call ends with it. Otherwise the server
    /// would keep writing until the abort is signaled, which may take a while on a busy machine. A client that closes
    /// its connection after the last byte of a whole response has the response, even if the flush detects the closing.
    /// </summary>
    public async ValueTask<bool> FlushAsync()
    {
        if (HoldsHead)
            return true;
        _wasGone = Context.RequestAborted.IsCancellationRequested;
        var flushed = await Writer.FlushAsync(Life.Token);
        return !flushed.IsCompleted || !Plan.EndsWithClient || HasAll;
    }

    public void Count(int bytes) => Bytes += bytes;

    public bool HasAll => Context.Response.ContentLength == Bytes;

    /// <summary>
    /// Adjusts the memory held for this response to exactly this amount. Without free memory it waits, and the server
    /// with it. Returns false if that took too long.
    /// </summary>
    public ValueTask<bool> HoldAsync(long bytes)
    {
        var more = Math.Max(0, Math.Max(bytes, _kept) - FreeBytes) - _held;
        if (more == 0 || Plan is not { Memory: { } memory, Share: { } share })
            return new(true);
        if (more > 0)
            return TakeAsync(memory, share, more);
        _held += more;
        memory.GiveBack(share, -more);
        return new(true);
    }

    /// <summary>Returns the memory for rewriting a message.</summary>
    public long RewritingBytes(ReadOnlySpan<byte> message) => Plan.Rewriter?.BytesFor(message) ?? 0;

    /// <summary>Relays a whole body as the client receives it, and ends the response.</summary>
    public async ValueTask<RelayOutcome> PassBodyAsync(ReadOnlyMemory<byte> body)
    {
        using var rewritten = new PooledBuffer();
        var written = Rewritten(body, rewritten);
        if (written.Length > 0 || Answer.StatusCode == StatusCodes.Status200OK)
            Context.Response.ContentLength = written.Length;
        return await WriteAsync(written) ? await CompleteAsync() : ClientGone();
    }

    /// <summary>Returns a message as the client receives it: unchanged, or as written to the buffer.</summary>
    public ReadOnlyMemory<byte> Rewritten(ReadOnlyMemory<byte> message, PooledBuffer output) =>
        Plan.Rewriter?.TryRewrite(message.Span, output) == true ? output.Written : message;

    /// <summary>Sets a minimum for the memory held until the response ends.</summary>
    public void KeepAtLeast(long bytes) => _kept = bytes;

    public void Release()
    {
        if (_held > 0)
            Plan.Memory!.GiveBack(Plan.Share!, _held);
        _held = 0;
    }

    /// <summary>
    /// Writes bytes that may pass; long ones in slices, each after the client has taken the previous one. Returns false
    /// if the client has left and the call ends with it.
    /// </summary>
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        Count(bytes.Length);
        _isInEvent = true;
        while (bytes.Length > SliceBytes)
        {
            Writer.Write(bytes.Span[..SliceBytes]);
            bytes = bytes[SliceBytes..];
            if (!await FlushAsync())
                return false;
        }

        Writer.Write(bytes.Span);
        _isInEvent = false;
        return true;
    }

    private async ValueTask<bool> TakeAsync(MemoryBudget memory, MemoryShare share, long more)
    {
        if (!await memory.TakeAsync(share, more, MemoryUse.Answer, Life.Token))
            return false;
        _held += more;
        return true;
    }

    /// <summary>Writes the session id for the client, if the server named a session.</summary>
    public void WriteSession()
    {
        if (Answer.SessionId is { } session && !Context.Response.HasStarted)
            Context.Response.Headers[McpHeaders.SessionId] = Plan.SealSession is { } seal ? seal(session) : session;
    }

    /// <summary>Records that a part of the response is, or may be, the response message.</summary>
    public void HasResponse() => _hasResponse = true;

    /// <summary>Reads the response to <c>initialize</c>; returns false if the client must not receive it.</summary>
    public bool Agrees(ReadOnlyMemory<byte> response)
    {
        if (Plan.Handshake is not { IsOver: false } handshake)
            return true;
        var isAccepted = handshake.Accepts(response);
        if (isAccepted)
            WriteSession();
        return isAccepted;
    }

    /// <summary>Notifies the caller, once, that the end of a whole response is about to pass.</summary>
    public async ValueTask ReportEndAsync(bool isError, ReadOnlyMemory<byte> answer = default)
    {
        if (_isEndReported)
            return;
        _isEndReported = true;
        IsError |= isError && IsInspected;
        if (Plan.BeforeEnd is { } beforeEnd)
            await beforeEnd(IsError, answer);
        if (!IsError && Plan.BeforeRetry is { } retried && InputRequired.TryRead(answer, out var requestState))
            await retried(requestState);
    }

    /// <summary>Notifies the caller of the end if an event is the response.</summary>
    /// <returns>The reason why the event must not pass; null if it may.</returns>
    public async ValueTask<string?> ReportEventAsync(ReadOnlyMemory<byte> data)
    {
        var (isAnswer, isError) = ResponseInspector.At(data.Span, Plan.RequestId.Span);
        if (!isAnswer)
        {
            if (Plan.Timeout is { } timeout && ResponseInspector.IsProgress(data.Span))
                timeout.Extend();
            return null;
        }

        _hasResponse = true;
        if (!Agrees(data))
            return null;
        if (IsGivenBack)
            return $"{Server} responded again after an error whose cost was refunded.";
        await ReportEndAsync(isError, data);
        return null;
    }

    /// <summary>Ends a response that was relayed unchanged.</summary>
    public async ValueTask<RelayOutcome> CompleteAsync()
    {
        if (Plan.Handshake is { } handshake)
            handshake.IsOver = true;
        return await FlushAsync() ? Completed() : ClientGone();
    }

    /// <summary>Ends a completely written response. A client that has all of it may close its connection.</summary>
    public RelayOutcome Completed()
    {
        var isGone = HasAll ? _wasGone : Context.RequestAborted.IsCancellationRequested;
        return Outcome(isGone ? RelayEnd.ClientGone : RelayEnd.Completed, null);
    }

    /// <summary>Ends a response that the policy denied; the client received a denial in its place.</summary>
    public RelayOutcome Denied() => Outcome(RelayEnd.Denied, "the policy denies the response");

    public RelayOutcome ClientGone()
    {
        Context.Abort();
        return Outcome(RelayEnd.ClientGone, "the client closed its connection");
    }

    public RelayOutcome Outcome(RelayEnd end, string? reason) => new(
        Answer.StatusCode, IsError, Bytes, end, reason, _isEndReported || _isAtEnd || (end == RelayEnd.UpstreamBroken
            && !Life.CarriesEventIds))
    {
        Retry = TimeSpan.FromMilliseconds(_retryMs),
    };

    /// <summary>Reads the fields of an event besides its data, such as the delay before a client resumes.</summary>
    public void See(SseSegment segment)
    {
        if (!segment.Data.IsEmpty)
        {
            _hasMessage = true;
            Plan.OnMessage?.Invoke(segment.Data);
        }

        // At the start of a line or of the stream.
        var at = segment.Raw.Span.IndexOf("retry:"u8);
        if (at < 0 || (at > 0 && segment.Raw.Span[at - 1] is not ((byte)'\n' or (byte)'\r')))
            return;
        var value = segment.Raw.Span[(at + "retry:"u8.Length)..].TrimStart((byte)' ');
        if (System.Buffers.Text.Utf8Parser.TryParse(value, out int ms, out _) && ms >= 0)
            _retryMs = ms;
    }

    /// <summary>
    /// Ends a response that did not arrive in time with an error in its place; in a stream that has begun, as one more
    /// event. If a part of another body has passed, the connection is aborted.
    /// </summary>
    public async ValueTask<RelayOutcome> TimeOutAsync(RelayTimeout timeout)
    {
        const string reason = "the server did not respond in time";
        var isStream = Answer is { MediaType: MediaTypes.EventStream, StatusCode: < 400 };
        // The response has passed, and only the end of its stream is missing.
        if (isStream && _isEndReported && !_isInEvent)
            return Completed();
        if (_isInEvent || (!isStream && (Bytes > 0 || Context.Response.HasStarted)))
        {
            Context.Abort();
            return Outcome(RelayEnd.TimedOut, reason);
        }

        using var written = new PooledBuffer();
        var response = timeout.Response();
        if (isStream)
            SseRewriter.WriteNew(response, written);
        else
        {
            BadGateway.SetHead(Context.Response, StatusCodes.Status200OK);
            Context.Response.ContentLength = response.Length;
        }

        Writer.Write(isStream ? written.Written.Span : response);
        await Writer.FlushAsync(Context.RequestAborted);
        return Outcome(RelayEnd.TimedOut, reason);
    }

    /// <summary>Ends a response for which there was no memory. The server has received the call.</summary>
    public ValueTask<RelayOutcome> NoMemoryAsync() => FailAsync(
        RelayEnd.NoMemory,
        $"{Server} responded, but the gateway had no memory to evaluate it. The call may have happened, and "
            + "counts; check before you repeat it.");

    /// <summary>Ends a response that must not pass: with a 502 before its first byte, then with an abort.</summary>
    public async ValueTask<RelayOutcome> FailAsync(RelayEnd end, string reason)
    {
        if (Context.Response.HasStarted)
            Context.Abort();
        else
            await BadGateway.WriteAsync(Context.Response, Plan, reason);
        return Outcome(end, reason);
    }
}
