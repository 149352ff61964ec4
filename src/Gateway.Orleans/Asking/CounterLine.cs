using System.Collections.Concurrent;
using Gateway.Limits;
using Microsoft.Extensions.Logging;

namespace Gateway.Orleans.Asking;

/// <summary>
/// This process's line to one counter. A question goes out at once while few messages are under way; beyond that,
/// questions gather and go out together, so a hot counter costs messages by the round trip and not by the call.
/// </summary>
internal sealed partial class CounterLine(
    ICounterGrain grain,
    GrainLimiterOptions options,
    TimeProvider time,
    ProcessClock clock,
    OwnerClocks clocks,
    ConcurrentQueue<CounterLine> dirty,
    ILogger log)
{
    private readonly Lock _lock = new();
    private readonly Queue<OpenQuestion> _questions = new();
    private List<UInt128> _settled = [];
    private List<GivenBack> _given = [];
    private TaskCompletionSource _givenDone = NewDone();
    private int _messages;
    private bool _isGivingBack;
    private bool _isDirty;
    private long _usedAt;

    /// <summary>True if nothing is under way and nothing was asked for this long.</summary>
    public bool IsIdleFor(TimeSpan age)
    {
        lock (_lock)
            return _messages == 0 && !_isGivingBack && !_isDirty && time.GetElapsedTime(_usedAt) >= age;
    }

    /// <summary>Asks. Whoever gives up ends the question, and it is not sent any more if it was not yet.</summary>
    public OpenQuestion Ask(in CounterQuestion question)
    {
        var now = time.GetTimestamp();
        var open = new OpenQuestion(question, now);
        lock (_lock)
        {
            _usedAt = now;
            _questions.Enqueue(open);
            if (_messages >= options.MessagesMax) return open;
            _messages++;
        }

        _ = SendQuestionsAsync();
        return open;
    }

    /// <summary>
    /// This call's numbers can no longer come back. The counter is told with the next question, or soon if it is
    /// nearly full, where others may be waiting to hear it.
    /// </summary>
    public void Settle(CallId id, bool isNearlyFull)
    {
        lock (_lock)
        {
            if (_settled.Count < options.SettledMax) _settled.Add(id.Bits);
            if (!isNearlyFull || _isDirty) return;
            _isDirty = true;
        }

        dirty.Enqueue(this);
    }

    /// <summary>Tells the counter of what was settled since the last message.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            _isDirty = false;
            if (_messages > 0 || _settled.Count == 0) return;
            _messages++;
        }

        _ = SendQuestionsAsync();
    }

    /// <summary>Gives numbers back. The task ends when the owner has them, or never will; it never fails.</summary>
    public Task GiveBackAsync(GivenBack given)
    {
        Task done;
        lock (_lock)
        {
            if (_given.Count < options.SettledMax) _given.Add(given);
            done = _givenDone.Task;
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
            OpenQuestion[] batch;
            UInt128[]? settled = null;
            lock (_lock)
            {
                if (_questions.Count == 0 && _settled.Count == 0)
                {
                    _messages--;
                    return;
                }

                batch = TakeBatch();
                if (_settled.Count > 0) (settled, _settled) = (_settled.ToArray(), []);
            }

            await SendAsync(batch, settled);
        }
    }

    private OpenQuestion[] TakeBatch()
    {
        var batch = new List<OpenQuestion>(Math.Min(_questions.Count, options.QuestionsMax));
        while (batch.Count < options.QuestionsMax && _questions.TryDequeue(out var open))
            if (!open.Answer.IsCompleted) batch.Add(open);
        return [.. batch];
    }

    /// <summary>
    /// Sends until every question has an answer or its time is up. A repeated question brings the same call id.
    /// Whatever the cluster throws ends here: after a time-out nothing is sent again, because the owner may be paused.
    /// </summary>
    private async Task SendAsync(OpenQuestion[] batch, UInt128[]? settled)
    {
        for (var attempt = 0; batch.Length > 0 || settled is not null; attempt++)
        {
            try
            {
                var sentMs = clock.NowMs();
                var answers = await grain.AskAsync(
                    new CounterMessage(Array.ConvertAll(batch, static open => open.Question), settled));
                clocks.Hear(sentMs, clock.NowMs(), answers.ClockMs);
                batch = Deliver(batch, answers);
            }
            catch (TimeoutException exception)
            {
                LogTimedOut(grain, exception);
                foreach (var open in batch) open.End(new LineAnswer(LineOutcome.TimedOut));
                return;
            }
            catch (Exception exception)
            {
                LogUnreachable(grain, exception);
            }

            settled = null;
            batch = EndLate(batch);
            if (batch.Length > 0) await Task.Delay(RetryDelay(attempt), time);
        }
    }

    /// <summary>Answers what has an answer; what the owner did not take because it is going away stays.</summary>
    private static OpenQuestion[] Deliver(OpenQuestion[] batch, CounterAnswers answers)
    {
        List<OpenQuestion>? gone = null;
        for (var i = 0; i < batch.Length; i++)
        {
            var answer = answers.Items[i];
            if (answer.Kind == CounterAnswerKind.Gone) (gone ??= []).Add(batch[i]);
            else batch[i].End(new LineAnswer(LineOutcome.Answered, answer, answers.Owner));
        }

        return gone is null ? [] : [.. gone];
    }

    private OpenQuestion[] EndLate(OpenQuestion[] batch)
    {
        if (batch.Length == 0) return batch;
        var late = Array.FindAll(batch, open => time.GetElapsedTime(open.AskedAt) >= options.AskTimeout);
        foreach (var open in late) open.End(new LineAnswer(LineOutcome.Unreachable));
        return late.Length == 0 ? batch : Array.FindAll(batch, open => !open.Answer.IsCompleted);
    }

    private async Task SendGivenBackAsync()
    {
        while (true)
        {
            GivenBack[] given;
            TaskCompletionSource done;
            lock (_lock)
            {
                if (_given.Count == 0)
                {
                    _isGivingBack = false;
                    return;
                }

                (given, _given) = (_given.ToArray(), []);
                (done, _givenDone) = (_givenDone, NewDone());
            }

            try
            {
                await grain.GiveBackAsync(given);
            }
            catch (Exception exception)
            {
                LogGiveBackLost(grain, given.Length, exception);
            }

            done.SetResult();
        }
    }

    private static TaskCompletionSource NewDone() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TimeSpan RetryDelay(int attempt) =>
        TimeSpan.FromMilliseconds(Math.Min(10 << Math.Min(attempt, 4), 100));

    [LoggerMessage(1, LogLevel.Warning, "The counter {Counter} did not answer in time; its calls are denied.")]
    private partial void LogTimedOut(ICounterGrain counter, Exception exception);

    [LoggerMessage(2, LogLevel.Debug, "The counter {Counter} could not be asked; trying again.")]
    private partial void LogUnreachable(ICounterGrain counter, Exception exception);

    [LoggerMessage(3, LogLevel.Debug, "{Count} permits of {Counter} were not taken back; they stay counted.")]
    private partial void LogGiveBackLost(ICounterGrain counter, int count, Exception exception);
}
