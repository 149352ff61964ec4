using Gateway.Limits.Counting;
using Gateway.Limits.Engine;
using Gateway.Limits.Model;
using Gateway.Limits.Windows;
using Gateway.Orleans.Wire;

namespace Gateway.Orleans.Grains;

/// <summary>
/// One active counter in this silo; calls that wait for a reservation get their reply once it has returned. Its grain,
/// the silo's batch grain, the store's replies and its timer run on any thread, so each step holds a lock, which is
/// never held while waiting.
/// </summary>
/// <remarks>
/// The object is kept small, because a silo has one for each counter: the lock is the counter's own object.
/// </remarks>
internal sealed class CounterActivation(CounterKey key, ActivationDirectory silo) : ICounterHost
{
    /// <summary>Effects of the current step on this thread, for any counter.</summary>
    [ThreadStatic] private static CounterEffects? _effects;

    private readonly ICounter _counter = WindowKind.NewCounter(key, silo.Rules);
    private Dictionary<CallId, PendingReply>? _waiting;
    private List<PendingPeek>? _peeking;
    private CancelledCalls? _abandoned;
    private OwnerTimer? _timer;
    private Task _asking = Task.CompletedTask;
    private long _askedAt = silo.Time.GetTimestamp();
    private int _asked;
    private bool _isGone;

    /// <summary>Called when the store violated its contract; this owner then issues nothing more.</summary>
    public required Action<Exception> Fail { private get; init; }

    /// <summary>Called when the counter has been idle and its memory is needed.</summary>
    public required Action Evict { get; init; }

    public CounterKey Key => key;

    /// <summary>Name of this activation, which calls keep with the numbers that it issued.</summary>
    public UInt128 Owner { get; } = silo.NewName();

    /// <summary>Returns true if there was no request for this long.</summary>
    public bool IsIdleFor(TimeSpan age) => silo.Time.GetElapsedTime(Volatile.Read(ref _askedAt)) >= age;

    /// <summary>Returns and resets the number of requests; concurrent requests may make it inexact by one.</summary>
    public int TakeAsked() => Interlocked.Exchange(ref _asked, 0);

    /// <summary>Handles a request; if it must wait, the reply follows later.</summary>
    public void Handle(in CounterQuestion question, long nowMs, ReplyCollector pending, int index)
    {
        lock (_counter)
        {
            var id = new CallId(question.CallId);
            _askedAt = silo.Time.GetTimestamp();
            _asked++;
            if (_isGone) pending.Answer(index, new CounterAnswer { Kind = CounterAnswerKind.Gone });
            else if (_abandoned?.Contains(id) == true)
                pending.Answer(index, new CounterAnswer { Kind = CounterAnswerKind.Closed });
            else if (question.IsPeek) Start(Peek(new PendingPeek(Asked(question, nowMs), pending, index), nowMs));
            else Acquire(Asked(question, nowMs), nowMs, pending, index);
        }
    }

    /// <summary>
    /// Reads a little of everything that a request of this call needs, to fill the CPU cache; the sum has no meaning.
    /// </summary>
    public long Prefetch(UInt128 callId) => _counter.Prefetch(new CallId(callId));

    /// <summary>Notes that the numbers of this call are not expected back.</summary>
    public void Commit(UInt128 callId)
    {
        lock (_counter) _counter.Commit(new CallId(callId));
    }

    /// <summary>Takes back, or commits, numbers that this activation issued.</summary>
    public void Release(ReleaseMessage[] given)
    {
        var nowMs = silo.Clock.NowMs();
        foreach (var one in given)
        {
            lock (_counter)
            {
                if (!_isGone && (one.Owner == Owner || one.Owner == 0)) Release(one, nowMs);
            }
        }
    }

    /// <summary>
    /// Ends this owner. Nothing more is issued, and once the write under way has completed, the unissued rest of its
    /// block is returned to the store.
    /// </summary>
    public async Task ReturnUnissuedAsync()
    {
        lock (_counter) End();
        await _asking.ConfigureAwait(false);
        lock (_counter)
        {
            _counter.ReturnUnissued(silo.Clock.NowMs(), NoEffects());
            Start(CarryOut());
        }

        await _asking.ConfigureAwait(false);
    }

    /// <summary>Runs when a waiting call's time may be over.</summary>
    internal void OnTimer(long wakeAtMs)
    {
        lock (_counter)
        {
            if (_isGone) return;
            _counter.OnTimer(wakeAtMs, silo.Clock.NowMs(), NoEffects());
            Start(CarryOut());
        }
    }

    /// <inheritdoc/>
    StoreRequest? ICounterHost.Step(ICounter counter, in StoreReply reply)
    {
        lock (_counter)
        {
            counter.OnReply(reply, silo.Clock.NowMs(), NoEffects());
            // Peeks get the failure at once: retrying immediately would continue for as long as the store is
            // unavailable.
            if (reply is { Write: null, Read.Outcome: ReadOutcome.Unavailable })
                EndPeeks(ReplyMapper.Answer(CounterReply.Unavailable));
            return AfterReply();
        }
    }

    /// <summary>Returns empty effects for the next step, whatever became of earlier ones.</summary>
    private static CounterEffects NoEffects()
    {
        var effects = _effects ??= new CounterEffects { Permits = new PermitPool() };
        effects.Clear();
        return effects;
    }

    private CounterRequest Asked(in CounterQuestion question, long nowMs) => new(
        new CallId(question.CallId),
        Amount.FromNano(question.MaxNano),
        Amount.FromNano(question.CostNano),
        Amount.FromNano(question.RefundableNano),
        nowMs + silo.Options.DeferMs)
    {
        RenewsMs = question.RenewsMs,
    };

    private void Acquire(in CounterRequest ask, long nowMs, ReplyCollector pending, int index)
    {
        var reply = _counter.Acquire(ask, nowMs, NoEffects());
        if (reply.Kind == CounterReplyKind.Waiting)
        {
            var waiting = _waiting ??= [];
            waiting.TryGetValue(ask.CallId, out var other);
            while (other is { Message.IsSealed: true }) other = other.Other;
            waiting[ask.CallId] = new PendingReply(pending, index, other);
            pending.Wait(index);
        }
        else
        {
            pending.Answer(index, ReplyMapper.Answer(reply));
            reply.Part?.Recycle();
        }

        Start(CarryOut());
    }

    private void Release(in ReleaseMessage one, long nowMs)
    {
        var id = new CallId(one.CallId);
        if (one.AmountNano == 0)
        {
            _counter.Commit(id);
        }
        else if (_counter.Cancel(id))
        {
            Answer(id, new CounterAnswer { Kind = CounterAnswerKind.Closed });
        }
        else if (one.Owner == 0 && !_counter.Knows(id))
        {
            (_abandoned ??= new(silo.Options.CallsRememberedMax)).Add(id);
        }
        else
        {
            _counter.Release(id, Amount.FromNano(one.AmountNano), nowMs, NoEffects());
            Start(CarryOut());
        }
    }

    /// <summary>Peeks, or waits for a read of the record; returns the store request for that read.</summary>
    private StoreRequest? Peek(PendingPeek peeking, long nowMs, bool isFresh = false)
    {
        var reply = _counter.Peek(peeking.Request, nowMs, NoEffects(), isFresh);
        if (reply.Kind == CounterReplyKind.Waiting)
        {
            (_peeking ??= []).Add(peeking);
            if (!isFresh) peeking.Message.Wait(peeking.Index);
        }
        else if (isFresh)
        {
            peeking.Message.AnswerLate(peeking.Index, ReplyMapper.Answer(reply));
        }
        else
        {
            peeking.Message.Answer(peeking.Index, ReplyMapper.Answer(reply));
        }

        return CarryOut();
    }

    /// <summary>Completes the calls that a step decided. The caller runs the returned store request.</summary>
    private StoreRequest? CarryOut()
    {
        var effects = _effects!;
        foreach (var answered in effects.Answers) Answer(answered.Request.CallId, ReplyMapper.Answer(answered.Reply));
        if (effects.WakeAtMs is { } wakeAtMs && !_isGone)
            (_timer ??= new OwnerTimer(this, silo.Clock, silo.Time)).WakeAt(wakeAtMs);
        var request = effects.Request;
        effects.Clear();
        return request;
    }

    private void Answer(CallId id, in CounterAnswer answer)
    {
        if (_waiting is null || !_waiting.Remove(id, out var first)) return;
        for (var question = first; question is not null; question = question.Other)
            question.Message.AnswerLate(question.Index, answer);
        if (_waiting.Count == 0) _waiting = null;
    }

    /// <summary>Tells every waiting call to retry elsewhere, and stops issuing numbers.</summary>
    private void End()
    {
        _isGone = true;
        _timer?.Dispose();
        var gone = new CounterAnswer { Kind = CounterAnswerKind.Gone };
        foreach (var id in _waiting?.Keys.ToArray() ?? [])
        {
            _counter.Cancel(id);
            Answer(id, gone);
        }

        EndPeeks(gone);
    }

    private void EndPeeks(in CounterAnswer answer)
    {
        foreach (var peeking in _peeking ?? []) peeking.Message.AnswerLate(peeking.Index, answer);
        _peeking = null;
    }

    private void Start(StoreRequest? request)
    {
        if (request is { } first) _asking = RunAsync(first);
    }

    /// <summary>Runs store requests. An exception that violates the store's contract ends the owner.</summary>
    private async Task RunAsync(StoreRequest first)
    {
        try
        {
            await silo.Runner.RunAsync(this, _counter, first).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            lock (_counter) End();
            Fail(exception);
        }
    }

    private StoreRequest? AfterReply()
    {
        var request = CarryOut();
        if (_peeking is not { } peeking) return request;
        _peeking = null;
        var nowMs = silo.Clock.NowMs();
        foreach (var one in peeking)
        {
            var next = Peek(one, nowMs, isFresh: true);
            request ??= next;
        }

        return request;
    }
}

/// <summary>The destination of a waiting call's reply; the call may be requested again before it has one.</summary>
/// <param name="Message">The message that contained the request.</param>
/// <param name="Index">The request's index in the message.</param>
/// <param name="Other">The previous request for the same call.</param>
internal sealed record PendingReply(ReplyCollector Message, int Index, PendingReply? Other);

/// <summary>A request that takes nothing and waits until the record was read.</summary>
/// <param name="Request">The request.</param>
/// <param name="Message">The message that contained it.</param>
/// <param name="Index">The request's index in the message.</param>
internal sealed record PendingPeek(CounterRequest Request, ReplyCollector Message, int Index);
