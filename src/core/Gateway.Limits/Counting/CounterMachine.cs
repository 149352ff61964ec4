using Gateway.Limits.Counting.Compact;
using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>
/// The state of one owner of one counter, independent of the counter's kind: the record as last seen, the exchange in
/// progress, the waiting calls, and the numbers given out and who may return them. Each rule is a virtual method, so
/// that a test can disable one and must then fail.
/// </summary>
/// <remarks>
/// There may be millions of counters, most of them idle. The hot fields are packed; rarely used state lives in a
/// separate object.
/// </remarks>
internal abstract class CounterMachine(CounterKey key, CounterRules rules) : IPermitIssuer
{
    private PackedRecord _record;
    private SharedRules _terms = rules.TermsOf(Amount.Zero);
    private long _committed;
    private uint _given;
    private bool _isEvicted;

    public CounterKey Key => key;

    /// <summary>True if it is quiet and nothing that was given out may come back.</summary>
    public bool IsIdle => IsQuiet && Outstanding.Count == 0;

    /// <summary>True if no call waits and no exchange is in progress.</summary>
    public bool IsQuiet => !Store.IsBusy && Line.Count == 0;

    protected Amount LastMax
    {
        get => _terms.Max;
        set
        {
            if (_terms.Max != value) _terms = Rules.TermsOf(value);
        }
    }

    /// <summary>True if nothing of the current fixed window may be given out any more.</summary>
    /// <remarks>It is declared here because one more byte in the class of fixed windows would cost eight.</remarks>
    protected internal bool IsFinished { get; set; }

    /// <summary>The rules that all counters of the engine share.</summary>
    protected internal CounterRules Rules => _terms.Rules;

    /// <summary>The call ids that were recently granted; null where permits never leave the process.</summary>
    protected internal IssuedCallLog? Calls => ActiveState?.Calls;

    /// <summary>The record as last seen, and the exchange in progress.</summary>
    protected internal StoreExchange Store => new(this);

    protected internal RequestQueue Line => new(this);

    /// <summary>The parts that may come back.</summary>
    protected internal OutstandingCount Outstanding => new(this);

    /// <summary>True if unissued numbers are to be returned once no exchange is in progress.</summary>
    protected internal bool HandsBackNext
    {
        get => ActiveState is { HandsBackNext: true };
        set
        {
            if (value) EnsureActiveState().HandsBackNext = true;
            else if (ActiveState is { } activeState) activeState.HandsBackNext = false;
        }
    }

    /// <summary>State that only some counters have; null for an idle one.</summary>
    internal ActiveState? ActiveState { get; set; } =
        rules.CallsMax > 0 ? new ActiveState { Calls = new IssuedCallLog(rules.CallsMax) } : null;

    /// <summary>The record as last seen. Only <see cref="StoreExchange"/> may use it.</summary>
    internal ref PackedRecord Record => ref _record;

    /// <summary>Parts given out in this window. Only <see cref="Counting.OutstandingCount"/> may use it.</summary>
    internal ref uint Given => ref _given;

    /// <summary>Parts that cannot come back, with their epoch; for <see cref="Counting.OutstandingCount"/>.</summary>
    internal ref long Committed => ref _committed;

    /// <summary>True if the record as last seen is still valid. Only <see cref="StoreExchange"/> may use it.</summary>
    internal bool IsCacheValid { get; set; }

    /// <summary>The token of the last request. Only <see cref="StoreExchange"/> may use it.</summary>
    internal uint LastToken { get; set; }

    /// <inheritdoc cref="ICounter.IsHeldUnder"/>
    public bool IsHeldUnder(CounterRules table) => ReferenceEquals(table, Rules) && !_isEvicted;

    /// <summary>Marks the counter as evicted from its table; it is never added again.</summary>
    public void Evict()
    {
        _isEvicted = true;
        if (ReferenceEquals(key.CounterHandle, this)) key.CounterHandle = null;
    }

    /// <summary>Start of the current window; for a momentary counter, the time of its record.</summary>
    public abstract long WindowStartMs { get; }

    /// <inheritdoc cref="ICounter.Acquire"/>
    public virtual CounterReply Acquire(in CounterRequest ask, long nowMs, CounterEffects effects)
    {
        if (Calls is not null && Line.Contains(ask.CallId)) return CounterReply.Waiting;
        var reply = TryAcquire(ask, nowMs, effects);
        if (reply.Kind != CounterReplyKind.Waiting) return reply;
        if (Line.Count >= Rules.WaitersMax) return Refuse(RefusalKind.TooManyWaiting, ask, nowMs);
        Line.Add(ask);
        Serve(nowMs, effects);
        return reply;
    }

    /// <inheritdoc cref="ICounter.TryAcquire"/>
    public CounterReply TryAcquire(in CounterRequest ask, long nowMs, CounterEffects effects)
    {
        AdvanceWindow(nowMs);
        if (TryRepeat(ask, out var known)) return known;
        LastMax = ask.Max;
        if (IsDenied(nowMs, out var denial)) return Refuse(denial, ask, nowMs);
        return Line.HasQueue ? CounterReply.Waiting : AnswerNow(ask, nowMs, effects);
    }

    /// <inheritdoc cref="ICounter.Peek"/>
    public CounterReply Peek(in CounterRequest ask, long nowMs, CounterEffects effects, bool isFresh)
    {
        AdvanceWindow(nowMs);
        if (IsDenied(nowMs, out var denial)) return Refuse(denial, ask, nowMs);
        if (Store.IsCacheValid && (isFresh || Rules.HasSoleOwner))
            return Look(ask, nowMs) is { } part
                ? CounterReply.Granted(part)
                : Refuse(RefusalKind.NoRoom, ask, nowMs);
        if (!Store.IsBusy) effects.Request = Store.Read(Line.Arrivals);
        return CounterReply.Waiting;
    }

    /// <summary>Handles the store's reply, or the report that none came.</summary>
    public void OnReply(in StoreReply reply, long nowMs, CounterEffects effects)
    {
        if (reply.Write is { } write) OnWritten(reply.Token, write, nowMs, effects);
        else OnRead(reply.Token, reply.Read, nowMs, effects);
    }

    /// <summary>Handles the store's reply to a read.</summary>
    public void OnRead(uint token, ReservationRead read, long nowMs, CounterEffects effects)
    {
        AdvanceWindow(nowMs);
        if (!Store.TryEndRead(token, out var uncertain)) return;
        if (read.Outcome == ReadOutcome.Unavailable)
        {
            Store.Invalidate();
            if (uncertain is not null) GiveUpWrite();
            Fail(RefusalKind.EngineUnavailable, nowMs, effects);
            DropIdleState();
            return;
        }

        if (HasGoneBack(read.Record, nowMs)) Quarantine(nowMs);
        Close(read.ClosedBeforeMs, nowMs);
        // A lost race looks like a failed write; the winner's record proves that the store accepts writes, so the
        // failure count is reset.
        var isLostRace = read.Record.Nonce != Record.Nonce;
        Store.Observe(read.Record);
        if (uncertain is not null && HasLanded(uncertain, read.Record))
        {
            ApplyWrite(uncertain, nowMs, effects);
        }
        else if (uncertain is not null)
        {
            GiveUpWrite();
            if (isLostRace) Store.ForgetUnknown();
            else if (Store.IsFailing) Fail(RefusalKind.EngineUnavailable, nowMs, effects);
        }

        Serve(nowMs, effects);
    }

    /// <summary>Handles the store's reply to a write; the outcome is unknown if none came in time.</summary>
    public virtual void OnWritten(uint token, ReservationWrite write, long nowMs, CounterEffects effects)
    {
        if (Store.PendingWrite is not { } pendingWrite || !IsOpen(pendingWrite, token)) return;
        if (write.Outcome == WriteOutcome.Unknown)
        {
            Store.CountUnknown();
            effects.Request = Store.Read(Line.Arrivals);
            return;
        }

        AdvanceWindow(nowMs);
        Store.EndWrite();
        if (write.Outcome == WriteOutcome.Ok)
        {
            Store.Observe(pendingWrite);
            ApplyWrite(pendingWrite, nowMs, effects);
        }
        else
        {
            if (write.Met is { } met && !HasGoneBack(met, nowMs)) Store.Observe(pendingWrite, met);
            else if (write.Outcome == WriteOutcome.Conflict) Store.Invalidate();
            if (write.Outcome == WriteOutcome.Finished) Finish(pendingWrite, nowMs);
            else UndoWrite(pendingWrite);
            Close(write.ClosedBeforeMs, nowMs);
            if (write.Outcome == WriteOutcome.Full) Fail(RefusalKind.AtBound, nowMs, effects);
        }

        Serve(nowMs, effects);
    }

    /// <summary>Takes numbers back from a permit of this process; a late or unknown release is ignored.</summary>
    public void Release(CounterPermit part, Amount amount, long nowMs, CounterEffects effects)
    {
        if (ReferenceEquals(part.Issuer, this) && part.TryClose()) ReleaseNumbers(part, amount, nowMs, effects);
    }

    /// <summary>Takes numbers back by the id of their call; an id that is closed or unknown is ignored.</summary>
    public virtual void Release(CallId id, Amount amount, long nowMs, CounterEffects effects)
    {
        if (Calls is not { } calls || !calls.TryClose(id, out var call)) return;
        if (call.State == CallState.Out) Outstanding.Remove(Outstanding.Epoch);
        ReleaseNumbers(Recall(calls, call, LastMax), amount, nowMs, effects);
    }

    /// <summary>Returns true if this call was granted numbers that still count.</summary>
    public bool Knows(CallId id) => Calls?.TryFind(id, out _) ?? false;

    /// <inheritdoc cref="ICounter.Commit"/>
    public void Commit(CallId id)
    {
        if (Calls is { } calls && calls.TryCommit(id)) Outstanding.Remove(Outstanding.Epoch);
    }

    /// <summary>
    /// Reads a little of all the state that a request of this call will need, so that the memory of many counters is
    /// fetched in parallel. The returned sum has no meaning. The caller need not hold the lock.
    /// </summary>
    public virtual long Prefetch(CallId id) => LastToken + key.Generation + (Calls?.Prefetch(id) ?? 0);

    /// <summary>Cancels a call. True if it was still waiting; otherwise its reply already exists.</summary>
    public bool Cancel(CallId id)
    {
        var wasWaiting = Line.Remove(id);
        DropIdleState();
        return wasWaiting;
    }

    /// <summary>Notes, without the driver's lock, that a part of that epoch can no longer come back.</summary>
    void IPermitIssuer.Commit(CounterPermit part) => Outstanding.Remove(part.Epoch);

    /// <summary>Returns the numbers that this owner remembers as given to that call.</summary>
    internal CounterPermit? OutFor(CallId id) =>
        Calls is { } calls && calls.TryFind(id, out var call) && call.State != CallState.Closed
            ? Recall(calls, call, LastMax)
            : null;

    /// <summary>Returns the state that only some counters have, creating it if necessary.</summary>
    internal ActiveState EnsureActiveState() => ActiveState ??= Rules.ActiveStates.Rent();

    /// <summary>Returns a copy that shares nothing mutable; permits stay with the original.</summary>
    internal virtual CounterMachine Copy()
    {
        var copy = (CounterMachine)MemberwiseClone();
        copy.ActiveState = ActiveState?.Copy();
        return copy;
    }

    /// <summary>Repeats the reply of a call that was granted numbers. False if the call is unknown.</summary>
    protected bool TryRepeat(in CounterRequest ask, out CounterReply reply)
    {
        reply = default;
        if (Calls is not { } calls || !calls.TryFind(ask.CallId, out var call)) return false;
        reply = call.State == CallState.Closed
            ? CounterReply.Closed
            : CounterReply.Granted(Recall(calls, call, ask.Max));
        return true;
    }

    /// <summary>Returns a part for a call known only by its id, by which alone its numbers come back.</summary>
    private CounterPermit Recall(IssuedCallLog calls, in IssuedCall call, Amount max) =>
        Ended(new(key, max, call.Cost, call.WindowStartMs, call.Only, calls.IntervalsOf(call), call.UsedAfter)
        {
            IsRepeat = true,
        });

    /// <summary>Adds the end of the running window to a part, where the start alone does not determine it.</summary>
    protected virtual CounterPermit Ended(CounterPermit part) => part;

    /// <summary>Drops the state that is no longer needed at the end of a step.</summary>
    protected void DropIdleState()
    {
        if (ActiveState is not { AreDone: true } activeState) return;
        ActiveState = null;
        Rules.ActiveStates.Return(activeState);
    }

    /// <summary>Enters the window of this instant, if it is a new one, and forgets the previous one.</summary>
    protected abstract void AdvanceWindow(long nowMs);

    /// <summary>Gives each waiting call a turn, then sends the store any pending update.</summary>
    protected abstract void Serve(long nowMs, CounterEffects effects);

    /// <summary>Applies a write that is certainly in the store.</summary>
    protected abstract void ApplyWrite(PendingWrite pendingWrite, long nowMs, CounterEffects effects);

    /// <summary>Undoes a write that was certainly not applied.</summary>
    protected abstract void UndoWrite(PendingWrite pendingWrite);

    /// <summary>Handles a write that was not applied because the store considers its window finished.</summary>
    protected abstract void Finish(PendingWrite pendingWrite, long nowMs);

    /// <summary>Abandons the numbers of a write that is not in the store but may still arrive.</summary>
    protected virtual void GiveUpWrite()
    {
    }

    /// <summary>Returns true if the store went back in time: it holds less than this owner has seen there.</summary>
    protected abstract bool HasGoneBack(Reservation record, long nowMs);

    /// <summary>Gives nothing out while counted numbers may be lost because the store went back in time.</summary>
    protected abstract void Quarantine(long nowMs);

    /// <summary>Gives nothing out that counts together with amounts from before this time.</summary>
    protected abstract void Close(long closedBeforeMs, long nowMs);

    /// <summary>Returns true while nothing is given out, by a quarantine or a finished window.</summary>
    protected abstract bool IsQuarantined(long nowMs);

    /// <summary>Returns the reply to a call that no other call precedes, if the store is not needed for it.</summary>
    protected abstract CounterReply AnswerNow(in CounterRequest ask, long nowMs, CounterEffects effects);

    /// <summary>Returns a part that takes nothing, if the last seen record has room; otherwise null.</summary>
    protected abstract CounterPermit? Look(in CounterRequest ask, long nowMs);

    /// <summary>Returns true if every call is refused now, and the reason.</summary>
    protected bool IsDenied(long nowMs, out RefusalKind kind)
    {
        var isBehind = WindowStartMs > nowMs + (2 * ClockBounds.EpsilonMs);
        kind = isBehind ? RefusalKind.ClockBehind : RefusalKind.EngineUnavailable;
        return isBehind || IsQuarantined(nowMs);
    }

    /// <summary>Returns a refusal of this kind.</summary>
    protected abstract CounterReply Refuse(RefusalKind kind, in CounterRequest ask, long nowMs);

    /// <summary>Refuses every waiting call; the numbers in hand stay.</summary>
    protected void Fail(RefusalKind kind, long nowMs, CounterEffects effects)
    {
        foreach (var queued in Line.All)
            effects.Answers.Add(new AnsweredCall(queued.Request, Refuse(kind, queued.Request, nowMs)));
        Line.Clear();
        Store.ForgetUnknown();
    }

    /// <summary>Adds the reply of a waiting call, which is about to leave the queue.</summary>
    protected void Answer(QueuedRequest queued, CounterReply reply, CounterEffects effects)
    {
        Line.Unpark(queued);
        effects.Answers.Add(new AnsweredCall(queued.Request, reply));
    }

    /// <summary>Keeps a call waiting, until its deadline, for numbers that may come back.</summary>
    protected void Defer(QueuedRequest queued, CounterEffects effects)
    {
        Line.Defer(queued);
        effects.WakeAtMs = Math.Min(effects.WakeAtMs ?? long.MaxValue, queued.Request.PatientUntilMs);
    }

    /// <summary>Takes back numbers that were given out.</summary>
    protected abstract void ReleaseNumbers(CounterPermit part, Amount amount, long nowMs, CounterEffects effects);

    /// <summary>Returns true if a write of unknown outcome was applied. Only its own nonce proves it.</summary>
    protected virtual bool HasLanded(PendingWrite pendingWrite, Reservation record) =>
        record.Nonce == pendingWrite.Record.Nonce;

    /// <summary>Returns true if this reply decides the write. It does not once the outcome is being read.</summary>
    protected virtual bool IsOpen(PendingWrite pendingWrite, uint token) =>
        pendingWrite.Token == token && Store.ReadToken == 0;

    /// <summary>Returns true if the record was read after this call arrived.</summary>
    protected virtual bool IsFresh(QueuedRequest queued) =>
        Rules.HasSoleOwner || unchecked((int)(Store.SeenArrivals - queued.Arrival)) >= 0;

    /// <summary>
    /// True if something that this owner gave out may come back; only then is it worth keeping a call that finds no
    /// room. Numbers that another owner on the same store may give back do not matter: the record counts them until
    /// then, and this owner would not be notified while it waits.
    /// </summary>
    protected bool MayComeBack => Outstanding.Count != 0;

    /// <summary>True if nothing can come back from any owner, so that a refusal may be remembered.</summary>
    protected bool IsFinal => Rules.HasSoleOwner && !MayComeBack;
}
