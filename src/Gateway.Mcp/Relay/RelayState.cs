using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Gateway.Mcp;

/// <summary>What moves while one answer is passed on; owned by the one copy loop of that answer.</summary>
internal sealed class RelayState(UpstreamAnswer answer, HttpContext context, RelayPlan plan, RelayLife life)
{
    private bool _isEndTold;

    public UpstreamAnswer Answer { get; } = answer;

    public HttpContext Context { get; } = context;

    public RelayPlan Plan { get; } = plan;

    public RelayLife Life { get; } = life;

    public PipeWriter Writer { get; } = context.Response.BodyWriter;

    /// <summary>The server, as errors speak of it.</summary>
    public string Server => $"The server \"{Plan.ServerName}\"";

    public long Bytes { get; private set; }

    public bool IsError { get; private set; } = answer.StatusCode >= 400;

    /// <summary>
    /// The call's cost was given back for an error: a further answer to it would be one that nobody paid for.
    /// </summary>
    public bool IsGivenBack => _isEndTold && IsError && Plan.BeforeEnd is not null;

    /// <summary>Reads what is there; 0 at the end, -1 when the server broke off or its encoding is damaged.</summary>
    public async ValueTask<int> ReadAsync(Stream body, Memory<byte> into)
    {
        try
        {
            var count = await body.ReadAsync(into, Life.Token);
            Life.Count(count);
            return count;
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException
            or InvalidDataException or InvalidOperationException)
        {
            // The last two are how the framework's decoders report bytes that are not of their encoding.
            return -1;
        }
    }

    /// <summary>
    /// Sends on what was put into the writer; false when the client is gone and the call with it. The server would
    /// write into the void until the abort is told, which may take its time on a busy machine.
    /// </summary>
    public async ValueTask<bool> FlushAsync()
    {
        var flushed = await Writer.FlushAsync(Life.Token);
        return !flushed.IsCompleted || !Plan.EndsWithClient;
    }

    public void Count(int bytes) => Bytes += bytes;

    /// <summary>Tells the caller, once, that the end of a whole answer is about to pass.</summary>
    public async ValueTask TellEndAsync(bool isError, ReadOnlyMemory<byte> answer = default)
    {
        if (_isEndTold)
            return;
        _isEndTold = true;
        IsError |= isError;
        if (Plan.BeforeEnd is { } told)
            await told(IsError);
        if (!IsError && Plan.BeforeRetry is { } retried && InputRequired.TryRead(answer, out var requestState))
            await retried(requestState);
    }

    public RelayOutcome Completed() => Outcome(
        Context.RequestAborted.IsCancellationRequested ? RelayEnd.ClientGone : RelayEnd.Completed, null);

    public RelayOutcome ClientGone()
    {
        Context.Abort();
        return Outcome(RelayEnd.ClientGone, "the client closed its connection");
    }

    public RelayOutcome Outcome(RelayEnd end, string? reason) => new(Answer.StatusCode, IsError, Bytes, end, reason);

    /// <summary>
    /// Ends an answer that must not pass further: by a 502 while nothing has, else by aborting the connection, which no
    /// client can take for the end.
    /// </summary>
    public async ValueTask<RelayOutcome> FailAsync(RelayEnd end, string reason)
    {
        if (Context.Response.HasStarted)
            Context.Abort();
        else
            await BadGateway.WriteAsync(Context.Response, Plan, reason);
        return Outcome(end, reason);
    }
}
