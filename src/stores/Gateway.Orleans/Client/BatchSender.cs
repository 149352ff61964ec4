using Gateway.Orleans.Batching;
using Gateway.Orleans.Wire;
using Microsoft.Extensions.Logging;

namespace Gateway.Orleans.Client;

/// <summary>
/// One of the two queues of a silo's batch grain. A request is sent at once while few messages are under way. Beyond
/// that, requests of all counters are collected and sent together, so the number of messages depends on round trips and
/// not on calls.
/// </summary>
internal sealed partial class BatchSender(
    string name, Lazy<ICounterBatchGrain> grain, int holdMs, int messagesMax, SiloChannel line, ClientContext tools)
{
    /// <summary>
    /// Maximum age of a request that was sent and has no reply; it is then denied. While owners are moving, a waiting
    /// request has the full time, because its new owner first has to read the counter's record.
    /// </summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Queue<PendingRequest> _questions = new();
    private readonly List<CommittedCall> _committed = [];
    private bool _isUrgent;
    private int _messages;

    /// <summary>
    /// Queues a request. A caller that gives up completes the request, and a request that was not sent yet is then
    /// dropped.
    /// </summary>
    public void Add(PendingRequest question)
    {
        lock (_lock)
        {
            _questions.Enqueue(question);
            if (_messages >= messagesMax) return;
            _messages++;
        }

        _ = SendAllAsync();
    }

    /// <summary>
    /// Adds a committed call to the next message. Calls beyond the bound are not reported and stay counted.
    /// </summary>
    public void Commit(CommittedCall call, bool isSoon)
    {
        lock (_lock)
        {
            if (_committed.Count < tools.Options.BatchCommittedMax) _committed.Add(call);
            _isUrgent |= isSoon;
        }
    }

    /// <summary>Sends calls that must be reported soon, unless a message that can carry them is under way.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            var isSoon = _isUrgent;
            _isUrgent = false;
            if (!isSoon || _messages > 0 || _committed.Count == 0) return;
            _messages++;
        }

        _ = SendAllAsync();
    }

    private async Task SendAllAsync()
    {
        while (true)
        {
            PendingRequest[] batch;
            CommittedCall[] committed;
            lock (_lock)
            {
                batch = TakeBatch();
                committed = [.. _committed];
                _committed.Clear();
                if (batch.Length == 0 && committed.Length == 0)
                {
                    _messages--;
                    return;
                }
            }

            await SendAsync(batch, committed).ConfigureAwait(false);
        }
    }

    private PendingRequest[] TakeBatch()
    {
        var batch = new List<PendingRequest>(Math.Min(_questions.Count, tools.Options.BatchQuestionsMax));
        while (batch.Count < tools.Options.BatchQuestionsMax && _questions.TryDequeue(out var open))
            if (!open.Answer.IsCompleted && !EndLate(open)) batch.Add(open);
        return [.. batch];
    }

    /// <summary>
    /// Completes a request whose time is over: the requests behind an unresponsive batch grain must be denied in time,
    /// too.
    /// </summary>
    private bool EndLate(PendingRequest open)
    {
        if (tools.Time.GetElapsedTime(open.AskedAt) < tools.Options.AskTimeout) return false;
        open.End(new RequestResult(RequestStatus.Unreachable));
        return true;
    }

    /// <summary>
    /// Sends one message. After a timeout nothing is sent again, because the owners may be paused; while owners are
    /// moving, their counters are called directly instead. After any other exception of the cluster the requests go to
    /// the counters themselves, with the same call ids.
    /// </summary>
    private async Task SendAsync(PendingRequest[] batch, CommittedCall[] committed)
    {
        try
        {
            var asks = Array.ConvertAll(batch, static open => new BatchRequest(open.Owner, open.Question));
            var sentMs = tools.Clock.NowMs();
            var asked = grain.Value.AskAsync(new BatchBytes(BatchFormat.WriteAsks(asks, committed, holdMs)));
            var reply = await tools.Moving.WaitAsync(asked).ConfigureAwait(false);
            var answers = BatchFormat.ReadReply(reply.Content, out var clockMs);
            if (answers.Length != batch.Length) throw new FormatException("The batch reply lacks an entry.");
            line.Succeed();
            tools.Clocks.Record(sentMs, tools.Clock.NowMs(), clockMs);
            for (var i = 0; i < batch.Length; i++) Deliver(batch[i], answers[i]);
        }
        catch (TimeoutException exception)
        {
            line.TimeOut();
            var ended = 0;
            foreach (var open in batch)
            {
                if (tools.Moving.AreSo && !EndLate(open))
                {
                    open.Line.AskGrain(open);
                    continue;
                }

                open.End(new RequestResult(RequestStatus.TimedOut));
                ended++;
            }

            if (ended > 0) LogTimedOut(tools.Log, name, ended);
            else LogUnreachable(tools.Log, name, exception);
        }
        catch (Exception exception)
        {
            LogUnreachable(tools.Log, name, exception);
            line.Fail();
            foreach (var open in batch) open.Line.AskGrain(open);
        }
    }

    private void Deliver(PendingRequest open, in CounterAnswer answer)
    {
        if (answer.Kind == CounterAnswerKind.Gone)
            open.Line.AskGrain(open);
        else if (answer.Kind != CounterAnswerKind.Waiting)
            open.End(new RequestResult(RequestStatus.Answered, answer, open.Owner));
        else if (tools.Moving.AreSo || tools.Time.GetElapsedTime(open.AskedAt) < AnswerTimeout)
            line.SendLate(open);
        else
            open.End(new RequestResult(RequestStatus.TimedOut));
    }

    [LoggerMessage(1, LogLevel.Warning,
        "The silo {Silo} did not respond in time, so requests for permits fail as unavailable: {Count}.")]
    private static partial void LogTimedOut(ILogger log, string silo, int count);

    [LoggerMessage(2, LogLevel.Debug,
        "The batch grain of {Silo} could not be reached; its counters are called directly.")]
    private static partial void LogUnreachable(ILogger log, string silo, Exception exception);
}
