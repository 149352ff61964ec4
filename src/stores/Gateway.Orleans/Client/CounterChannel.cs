using System.Collections.Concurrent;
using Gateway.Limits.Model;
using Gateway.Orleans.Wire;
using Microsoft.Extensions.Logging;

namespace Gateway.Orleans.Client;

/// <summary>
/// This process's connection to one counter. A request goes to the batch grain of the owner's silo if that is known,
/// together with requests for other counters. Otherwise it goes to the counter itself: at once while few messages are
/// under way, and beyond that together with others.
/// </summary>
internal sealed partial class CounterChannel(
    ICounterGrain grain, ClientContext tools, SiloChannels channels, ConcurrentQueue<CounterChannel> dirty)
{
    /// <summary>
    /// Interval at which a counter in use is called directly, because requests through a batch grain do not keep its
    /// activation alive.
    /// </summary>
    private static readonly TimeSpan AskGrainEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Queue<PendingRequest> _questions = new();
    private List<UInt128>? _committed;
    private List<ReleaseMessage>? _given;
    private TaskCompletionSource? _givenDone;
    private SiloChannel? _channel;
    private UInt128 _owner;
    private int _messages;
    private bool _isGivingBack;
    private bool _isDirty;
    private volatile bool _isLetGo;
    private long _usedAt;
    private long _askedItselfAt;

    private SiloChannel? Channel => _channel is { IsOpen: true } channel ? channel : null;

    /// <summary>Returns true if the connections of this frontend still contain it.</summary>
    public bool IsKeptBy(ClientContext frontend) => ReferenceEquals(frontend, tools) && !_isLetGo;

    /// <summary>Marks the connection as removed. Callers that still use it receive their replies.</summary>
    public void Evict() => _isLetGo = true;

    /// <summary>Returns true if no request is under way and there was none for this long.</summary>
    public bool IsIdleFor(TimeSpan age)
    {
        lock (_lock)
            return _messages == 0 && !_isGivingBack && !_isDirty && tools.Time.GetElapsedTime(_usedAt) >= age;
    }

    /// <summary>
    /// Sends a request. A caller that gives up completes the request, and a request that was not sent yet is then
    /// dropped.
    /// </summary>
    public PendingRequest Send(in CounterQuestion question)
    {
        var now = tools.Time.GetTimestamp();
        PendingRequest open;
        SiloChannel? channel;
        lock (_lock)
        {
            _usedAt = now;
            var isTime = tools.Time.GetElapsedTime(_askedItselfAt, now) >= AskGrainEvery;
            // The batch format has no field for a renewal, and there are few of them.
            channel = isTime || question.IsPeek || question.RenewsMs != 0 ? null : Channel;
            open = new PendingRequest(this, question, channel is null ? 0 : _owner, now);
            if (channel is null)
            {
                _askedItselfAt = now;
                _questions.Enqueue(open);
                if (_messages >= tools.Options.MessagesMax) return open;
                _messages++;
            }
        }

        if (channel is null) _ = SendQuestionsAsync();
        else channel.Send(open);
        return open;
    }

    /// <summary>Returns the age of a request in milliseconds.</summary>
    public long AgeMs(PendingRequest open) => (long)tools.Time.GetElapsedTime(open.AskedAt).TotalMilliseconds;

    /// <summary>
    /// Sends the request to the counter itself, wherever it is now, because the batch grain did not find its owner.
    /// </summary>
    public void AskGrain(PendingRequest open)
    {
        tools.Moving.Record();
        lock (_lock)
        {
            if (_owner == open.Owner) _channel = null;
            _questions.Enqueue(open);
            if (_messages >= tools.Options.MessagesMax) return;
            _messages++;
        }

        _ = SendQuestionsAsync();
    }

    /// <summary>
    /// Reports that this call's numbers can no longer be returned. The report goes with the next request, or soon if
    /// the counter is nearly full, because other calls may be waiting for it.
    /// </summary>
    public void Commit(CallId id, UInt128 owner, bool isNearlyFull)
    {
        SiloChannel? channel;
        lock (_lock)
        {
            channel = _owner == owner ? Channel : null;
            if (channel is null)
            {
                _committed ??= [];
                if (_committed.Count < tools.Options.CommittedMax) _committed.Add(id.Bits);
                if (!isNearlyFull || _isDirty) return;
                _isDirty = true;
            }
        }

        if (channel is null) dirty.Enqueue(this);
        else channel.Commit(owner, id, isNearlyFull);
    }

    /// <summary>Reports to the counter the calls that were committed since the last message.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            _isDirty = false;
            if (_messages > 0 || _committed is null) return;
            _messages++;
        }

        _ = SendQuestionsAsync();
    }

    /// <summary>Returns numbers. The task completes once the owner has them or never will; it never fails.</summary>
    public Task ReleaseAsync(ReleaseMessage given)
    {
        Task done;
        lock (_lock)
        {
            _given ??= [];
            if (_given.Count < tools.Options.CommittedMax) _given.Add(given);
            done = (_givenDone ??= NewDone()).Task;
            if (_isGivingBack) return done;
            _isGivingBack = true;
        }

        _ = SendGivenBackAsync();
        return done;
    }

    private async Task SendQuestionsAsync()
    {
        while (true)
        {
            PendingRequest[] batch;
            UInt128[]? committed = null;
            lock (_lock)
            {
                if (_questions.Count == 0 && _committed is null)
                {
                    _messages--;
                    return;
                }

                batch = TakeBatch();
                (committed, _committed) = (_committed?.ToArray(), null);
            }

            await SendAsync(batch, committed);
        }
    }

    private PendingRequest[] TakeBatch()
    {
        var batch = new List<PendingRequest>(Math.Min(_questions.Count, tools.Options.QuestionsMax));
        while (batch.Count < tools.Options.QuestionsMax && _questions.TryDequeue(out var open))
            if (!open.Answer.IsCompleted) batch.Add(open);
        return [.. batch];
    }

    /// <summary>
    /// Sends until every request has a result or its time is over. A retry has the same call id. All exceptions of the
    /// cluster end here. After a timeout nothing is sent again, because the owner may be paused, unless owners are
    /// moving.
    /// </summary>
    private async Task SendAsync(PendingRequest[] batch, UInt128[]? committed)
    {
        for (var attempt = 0; batch.Length > 0 || committed is not null; attempt++)
        {
            try
            {
                var sentMs = tools.Clock.NowMs();
                var asked = grain.AskAsync(
                    new CounterMessage(Array.ConvertAll(batch, static open => open.Question), committed));
                var answers = await tools.Moving.WaitAsync(asked);
                tools.Clocks.Record(sentMs, tools.Clock.NowMs(), answers.ClockMs);
                UpdateRoute(answers);
                batch = Deliver(batch, answers);
                if (batch.Length > 0) tools.Moving.Record();
            }
            catch (TimeoutException exception) when (tools.Moving.AreSo)
            {
                LogUnreachable(tools.Log, grain, exception);
            }
            catch (TimeoutException exception)
            {
                if (batch.Length > 0) LogTimedOut(tools.Log, grain.GetPrimaryKeyString(), batch.Length);
                else LogUnreachable(tools.Log, grain, exception);
                foreach (var open in batch) open.End(new RequestResult(RequestStatus.TimedOut));
                return;
            }
            catch (Exception exception)
            {
                LogUnreachable(tools.Log, grain, exception);
            }

            committed = null;
            batch = EndLate(batch);
            if (batch.Length > 0) await Task.Delay(RetryDelay(attempt), tools.Time);
        }
    }

    /// <summary>Records which activation replied, and which batch grain reaches it.</summary>
    private void UpdateRoute(CounterAnswers answers)
    {
        var channel = channels.To(answers.BatchGrain);
        lock (_lock) (_channel, _owner) = (channel, answers.Owner);
    }

    /// <summary>
    /// Completes the requests that have a result, and returns those that the owner did not accept because it is
    /// leaving.
    /// </summary>
    private static PendingRequest[] Deliver(PendingRequest[] batch, CounterAnswers answers)
    {
        List<PendingRequest>? gone = null;
        for (var i = 0; i < batch.Length; i++)
        {
            var answer = answers.Items[i];
            if (answer.Kind == CounterAnswerKind.Gone) (gone ??= []).Add(batch[i]);
            else batch[i].End(new RequestResult(RequestStatus.Answered, answer, answers.Owner));
        }

        return gone is null ? [] : [.. gone];
    }

    private PendingRequest[] EndLate(PendingRequest[] batch)
    {
        if (batch.Length == 0) return batch;
        var late = Array.FindAll(batch, open => tools.Time.GetElapsedTime(open.AskedAt) >= tools.Options.AskTimeout);
        foreach (var open in late) open.End(new RequestResult(RequestStatus.Unreachable));
        return late.Length == 0 ? batch : Array.FindAll(batch, open => !open.Answer.IsCompleted);
    }

    private async Task SendGivenBackAsync()
    {
        while (true)
        {
            ReleaseMessage[] given;
            TaskCompletionSource done;
            lock (_lock)
            {
                if (_given is null)
                {
                    _isGivingBack = false;
                    return;
                }

                (given, _given) = (_given.ToArray(), null);
                (done, _givenDone) = (_givenDone!, null);
            }

            try
            {
                await grain.ReleaseAsync(given);
            }
            catch (Exception exception)
            {
                LogGiveBackLost(tools.Log, grain, given.Length, exception);
            }

            done.SetResult();
        }
    }

    private static TaskCompletionSource NewDone() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TimeSpan RetryDelay(int attempt) =>
        TimeSpan.FromMilliseconds(Math.Min(10 << Math.Min(attempt, 4), 100));

    [LoggerMessage(1, LogLevel.Warning,
        "The counter {Counter} did not respond in time, so requests for permits fail as unavailable: {Count}.")]
    private static partial void LogTimedOut(ILogger log, string counter, int count);

    [LoggerMessage(2, LogLevel.Debug, "The counter {Counter} could not be reached; retrying.")]
    private static partial void LogUnreachable(ILogger log, ICounterGrain counter, Exception exception);

    [LoggerMessage(3, LogLevel.Debug, "{Count} permits of {Counter} could not be returned; they stay counted.")]
    private static partial void LogGiveBackLost(ILogger log, ICounterGrain counter, int count, Exception exception);
}
