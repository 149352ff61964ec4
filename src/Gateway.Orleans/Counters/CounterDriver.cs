using Gateway.Limits;
using Gateway.Limits.Counting;

namespace Gateway.Orleans.Counters;

/// <summary>
/// Steps one counter and carries out what it wants: at most one request to the store is under way, and whoever waits
/// for the reservation that covers it is answered when that has returned. Runs on its activation's scheduler, one step
/// at a time; it takes no lock.
/// </summary>
internal sealed class CounterDriver(
    CounterKey key, CounterRules rules, IReservationStore store, StoreTally tally, ProcessClock clock,
    CounterGrainOptions options)
{
    private readonly ICounter _counter = CounterOfKind.New(key, rules);
    private readonly CounterEffects _effects = new();
    private readonly Dictionary<CallId, WaitingQuestion> _waiting = [];
    private readonly List<PeekingQuestion> _peeking = [];
    private AbandonedCalls? _abandoned;
    private StoreRequest? _wanted;
    private Task _asking = Task.CompletedTask;
    private bool _isAsking;
    private bool _isGone;

    /// <summary>Called with the time at which the counter wants to be woken.</summary>
    public required Action<long> WakeAt { private get; init; }

    /// <summary>Called when the store broke its contract; this owner then gives out nothing more.</summary>
    public required Action<Exception> Fail { private get; init; }

    /// <summary>The counter.</summary>
    public CounterKey Key => key;

    /// <summary>This activation, as the calls that it gives numbers to know it.</summary>
    public UInt128 Owner { get; } = rules.Nonces.Next();

    /// <summary>Asks the counter; what must wait is answered later.</summary>
    public PendingMessage Ask(CounterMessage message)
    {
        var nowMs = clock.NowMs();
        var pending = new PendingMessage(message.Questions.Length);
        foreach (var settled in message.Settled ?? []) _counter.Settle(new CallId(settled));
        for (var index = 0; index < message.Questions.Length; index++)
        {
            if (_isGone) pending.Answers[index] = new CounterAnswer { Kind = CounterAnswerKind.Gone };
            else Ask(message.Questions[index], nowMs, pending, index);
        }

        return pending;
    }

    /// <summary>Takes back, or settles, what this activation issued.</summary>
    public void TakeBack(GivenBack[] given)
    {
        var nowMs = clock.NowMs();
        foreach (var one in given)
        {
            var id = new CallId(one.CallId);
            if (_isGone || (one.Owner != Owner && one.Owner != 0)) continue;
            if (one.AmountNano == 0) _counter.Settle(id);
            else if (_counter.Cancel(id)) Answer(id, new CounterAnswer { Kind = CounterAnswerKind.Closed });
            else if (one.Owner == 0 && !_counter.Knows(id)) (_abandoned ??= new(options.CallsRememberedMax)).Add(id);
            else _counter.Release(id, Amount.FromNano(one.AmountNano), nowMs, _effects);
            CarryOut();
        }
    }

    /// <summary>A parked call's patience may be over.</summary>
    public void Wake(long wakeAtMs)
    {
        if (_isGone) return;
        _counter.Wake(wakeAtMs, clock.NowMs(), _effects);
        CarryOut();
    }

    /// <summary>
    /// Ends this owner: nothing more is given out, and once the write under way has returned the top of its block goes
    /// back to the store.
    /// </summary>
    public async Task HandBackAsync()
    {
        End();
        await _asking;
        _counter.HandBack(clock.NowMs(), _effects);
        CarryOut();
        await _asking;
    }

    private void Ask(CounterQuestion question, long nowMs, PendingMessage pending, int index)
    {
        var id = new CallId(question.CallId);
        if (_abandoned?.Contains(id) == true)
        {
            pending.Answers[index] = new CounterAnswer { Kind = CounterAnswerKind.Closed };
            return;
        }

        var ask = new CounterAsk(
            id,
            Amount.FromNano(question.MaxNano),
            Amount.FromNano(question.CostNano),
            Amount.FromNano(question.RefundableNano),
            nowMs + options.PatienceMs);
        if (question.IsPeek)
        {
            Peek(ask, nowMs, new PeekingQuestion(ask, pending, index), isFresh: false);
            return;
        }

        var verdict = _counter.Acquire(ask, nowMs, _effects);
        if (verdict.Kind == VerdictKind.Waiting)
        {
            _waiting.TryGetValue(id, out var other);
            _waiting[id] = new WaitingQuestion(pending, index, other);
            pending.Wait();
        }
        else
        {
            pending.Answers[index] = Wired.Answer(verdict);
        }

        CarryOut();
    }

    private void Peek(in CounterAsk ask, long nowMs, PeekingQuestion peeking, bool isFresh)
    {
        var verdict = _counter.Peek(ask, nowMs, _effects, isFresh);
        if (verdict.Kind == VerdictKind.Waiting)
        {
            _peeking.Add(peeking);
            if (!isFresh) peeking.Message.Wait();
        }
        else if (isFresh)
        {
            peeking.Message.Answer(peeking.Index, Wired.Answer(verdict));
        }
        else
        {
            peeking.Message.Answers[peeking.Index] = Wired.Answer(verdict);
        }

        CarryOut();
    }

    private void CarryOut()
    {
        foreach (var answered in _effects.Answers) Answer(answered.Ask.CallId, Wired.Answer(answered.Verdict));
        if (_effects.WakeAtMs is { } wakeAtMs && !_isGone) WakeAt(wakeAtMs);
        if (_effects.Request is { } request) _wanted = request;
        _effects.Clear();
        if (_wanted is not null && !_isAsking) _asking = AskStoreAsync();
    }

    private void Answer(CallId id, CounterAnswer answer)
    {
        _waiting.Remove(id, out var question);
        for (; question is not null; question = question.Other) question.Message.Answer(question.Index, answer);
    }

    /// <summary>Every waiting call is told to ask again elsewhere, and nothing is given out any more.</summary>
    private void End()
    {
        _isGone = true;
        var gone = new CounterAnswer { Kind = CounterAnswerKind.Gone };
        foreach (var id in _waiting.Keys.ToArray())
        {
            _counter.Cancel(id);
            Answer(id, gone);
        }

        foreach (var peeking in _peeking) peeking.Message.Answer(peeking.Index, gone);
        _peeking.Clear();
    }

    /// <summary>
    /// Exchanges with the store, one after the other, until the counter wants nothing more of it. At the edge to the
    /// store whatever it throws against its contract ends the owner.
    /// </summary>
    private async Task AskStoreAsync()
    {
        _isAsking = true;
        try
        {
            while (_wanted is { } request)
            {
                _wanted = null;
                await ExchangeAsync(request);
                CarryOut();
                AnswerPeeks();
            }
        }
        catch (Exception exception)
        {
            End();
            Fail(exception);
        }
        finally
        {
            _isAsking = false;
        }
    }

    /// <summary>One exchange, and the step that its reply makes.</summary>
    private async Task ExchangeAsync(StoreRequest request)
    {
        using var timeout = new CancellationTokenSource(options.StoreTimeout);
        var askedAt = tally.Ask();
        if (request.Write is { } record)
        {
            var outcome = await WriteAsync(request.ExpectedNonce, record, timeout.Token);
            tally.Count(outcome, askedAt);
            _counter.OnWritten(request.Token, outcome, clock.NowMs(), _effects);
        }
        else
        {
            var read = await ReadAsync(timeout.Token);
            tally.Count(read.Outcome, askedAt);
            _counter.OnRead(request.Token, read, clock.NowMs(), _effects);
        }
    }

    private void AnswerPeeks()
    {
        if (_peeking.Count == 0) return;
        var nowMs = clock.NowMs();
        var peeking = _peeking.ToArray();
        _peeking.Clear();
        foreach (var one in peeking) Peek(one.Ask, nowMs, one, isFresh: true);
    }

    private async Task<WriteOutcome> WriteAsync(UInt128 expected, Reservation record, CancellationToken timeout)
    {
        try
        {
            return await store.WriteAsync(key, expected, record, timeout);
        }
        catch (OperationCanceledException)
        {
            return WriteOutcome.Unknown;
        }
    }

    private async Task<ReservationRead> ReadAsync(CancellationToken timeout)
    {
        try
        {
            return await store.ReadAsync(key, timeout);
        }
        catch (OperationCanceledException)
        {
            return ReservationRead.Unavailable;
        }
    }
}
