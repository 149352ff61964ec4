using Gateway.Limits.Counting.Compact;
using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>
/// What one owner of one counter has whatever the counter's kind: the record as seen and what is on its way, the calls
/// that wait, what was given out and who may take it back. Each rule is a virtual method, so that a test can take one
/// out and must then fail.
/// </summary>
/// <remarks>
/// Because there may be millions of them, nearly all at rest, it keeps its numbers packed and what only some counters
/// have in an object of its own.
/// </remarks>
internal abstract class CounterMachine(CounterKey key, CounterRules rules) : IPermitIssuer
{
    private PackedRecord _record;
    private SharedRules _terms = rules.TermsOf(Amount.Zero);
    private long _settled;
    private uint _given;
    private bool _isEvicted;

    /// <summary>The counter.</summary>
    public CounterKey Key => key;

    /// <summary>True if nothing waits, nothing is on its way and nothing that was given out may come back.</summary>
    public bool IsIdle => IsQuiet && Outstanding.Count == 0;

    /// <summary>True if nothing waits and nothing is on its way.</summary>
    public bool IsQuiet => !Store.IsBusy && Line.Count == 0;

    /// <summary>The maximum of the last call.</summary>
    protected Amount LastMax
    {
        get => _terms.Max;
        set
        {
            if (_terms.Max != value) _terms = Rules.TermsOf(value);
        }
    }

    /// <summary>True if nothing of the fixed window that it is in is given out any more.</summary>
    /// <remarks>Here because a byte more in the class of fixed windows is eight.</remarks>
    protected internal bool IsFinished { get; set; }

    /// <summary>What is the same for every counter of the engine.</summary>
    protected internal CounterRules Rules => _terms.Rules;

    /// <summary>The call ids answered lately; null where permits never leave the process.</summary>
    protected internal IssuedCallLog? Calls => ActiveState?.Calls;

    /// <summary>The record as seen, and what is on its way.</summary>
    protected internal StoreExchange Store => new(this);

    /// <summary>The calls that wait.</summary>
    protected internal RequestQueue Line => new(this);

    /// <summary>What may come back.</summary>
    protected internal OutstandingCount Outstanding => new(this);

    /// <summary>True if what this owner holds is to be given back once nothing is on its way.</summary>
    protected internal bool HandsBackNext
    {
        get => ActiveState is { HandsBackNext: true };
        set
        {
            if (value) EnsureActiveState().HandsBackNext = true;
            else if (ActiveState is { } activeState) activeState.HandsBackNext = false;
        }
    }

    /// <summary>What only some counters have; null for one at rest.</summary>
    internal ActiveState? ActiveState { get; set; } =
        rules.CallsMax > 0 ? new ActiveState { Calls = new IssuedCallLog(rules.CallsMax) } : null;

    /// <summary>The record as last seen, for <see cref="StoreExchange"/> alone.</summary>
    internal ref PackedRecord Record => ref _record;

    /// <summary>Parts given out in this window, for <see cref="Counting.OutstandingCount"/> alone.</summary>
    internal ref uint Given => ref _given;

    /// <summary>Parts that can no longer come back, with their epoch, for <see cref="Counting.OutstandingCount"/>
    /// alone.</summary>
    internal ref long Settled => ref _settled;

    /// <summary>Whether that look still holds, for <see cref="StoreExchange"/> alone.</summary>
    internal bool IsCacheValid { get; set; }

    /// <summary>What names the last request, for <see cref="StoreExchange"/> alone.</summary>
    internal uint LastToken { get; set; }

    /// <summary>Whether the table of these rules, which are its own, still holds it.</summary>
    public bool IsHeldUnder(CounterRules table) => ReferenceEquals(table, Rules) && !_isEvicted;

    /// <summary>Its table has let go of it; it is never held again.</summary>
    public void Evict()
    {
        _isEvicted = true;
        if (ReferenceEquals(key.CounterHandle, this)) key.CounterHandle = null;
    }

    /// <summary>Start of the window that it is in; of what counts for a moment, the time of its record.</summary>
    public abstract long WindowStartMs { get; }

    /// <summary>A call wants numbers. The answer comes at once, or as an effect of this or a later step.</summary>
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

    /// <summary>The answer if it can be given at once; else waiting, and the call has left no trace.</summary>
    public CounterReply TryAcquire(in CounterRequest ask, long nowMs, CounterEffects effects)
    {
        AdvanceWindow(nowMs);
        if (TryRepeat(ask, out var known)) return known;
        LastMax = ask.Max;
        if (IsDenied(nowMs, out var denial)) return Refuse(denial, ask, nowMs);
        return Line.HasQueue ? CounterReply.Waiting : AnswerNow(ask, nowMs, effects);
    }

    /// <summary>
    /// What <see cref="Acquire"/> would say, as far as is known; waiting if the record must be seen first.
    /// </summary>
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

    /// <summary>The store's answer, or that none came.</summary>
    public void OnReply(in StoreReply reply, long nowMs, CounterEffects effects)
    {
        if (reply.Write is { } write) OnWritten(reply.Token, write, nowMs, effects);
        else OnRead(reply.Token, reply.Read, nowMs, effects);
    }

    /// <summary>The store's answer to a read.</summary>
    public void OnRead(uint token, ReservationRead read, long nowMs, CounterEffects effects)
    {
        AdvanceWindow(nowMs);
        if (!Store.TryEndRead(token, out var settled)) return;
        if (read.Outcome == ReadOutcome.Unavailable)
        {
            Store.Invalidate();
            if (settled is not null) GiveUpWrite();
            Fail(RefusalKind.EngineUnavailable, nowMs, effects);
            DropIdleState();
            return;
        }

        if (HasGoneBack(read.Record, nowMs)) Quarantine(nowMs);
        // Where a lost race looks as a failed write does, what the winner wrote tells that the store takes writes.
        var isLostRace = read.Record.Nonce != Record.Nonce;
        Store.Observe(read.Record);
        if (settled is not null && HasLanded(settled, read.Record))
        {
            ApplyWrite(settled, nowMs, effects);
        }
        else if (settled is not null)
        {
            GiveUpWrite();
            if (isLostRace) Store.ForgetUnknown();
            else if (Store.IsFailing) Fail(RefusalKind.EngineUnavailable, nowMs, effects);
        }

        Serve(nowMs, effects);
    }

    /// <summary>The store's answer to a write; unknown if it did not come in time.</summary>
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
            if (write.Outcome == WriteOutcome.Full) Fail(RefusalKind.AtBound, nowMs, effects);
        }

        Serve(nowMs, effects);
    }

    /// <summary>Numbers come back from a permit of this process. What is too late, or another's, is ignored.</summary>
    public void Release(CounterPermit part, Amount amount, long nowMs, CounterEffects effects)
    {
        if (ReferenceEquals(part.Issuer, this) && part.TryClose()) ReleaseNumbers(part, amount, nowMs, effects);
    }

    /// <summary>Numbers come back by the id of their call; an id that is closed or not known here is ignored.</summary>
    public virtual void Release(CallId id, Amount amount, long nowMs, CounterEffects effects)
    {
        if (Calls is not { } calls || !calls.TryClose(id, out var call)) return;
        if (call.State == CallState.Out) Outstanding.Remove(Outstanding.Epoch);
        ReleaseNumbers(Recall(calls, call, LastMax), amount, nowMs, effects);
    }

    /// <summary>Whether this call was answered with numbers that still count.</summary>
    public bool Knows(CallId id) => Calls?.TryFind(id, out _) ?? false;

    /// <summary>The numbers of this call are not expected back, as the process that holds them says.</summary>
    public void Commit(CallId id)
    {
        if (Calls is { } calls && calls.TryCommit(id)) Outstanding.Remove(Outstanding.Epoch);
    }

    /// <summary>
    /// Reads a little of all that a question of this call will need, so that the memory of many counters is fetched at
    /// once and not one after the other; the sum means nothing. The caller need not have the lock.
    /// </summary>
    public virtual long Prefetch(CallId id) => LastToken + key.Generation + (Calls?.Prefetch(id) ?? 0);

    /// <summary>A caller gave up. True if it was still waiting; else its answer is already made.</summary>
    public bool Cancel(CallId id)
    {
        var wasWaiting = Line.Remove(id);
        DropIdleState();
        return wasWaiting;
    }

    /// <summary>Called without the driver's lock: a part given out in that epoch can no longer come back.</summary>
    void IPermitIssuer.Commit(CounterPermit part) => Outstanding.Remove(part.Epoch);

    /// <summary>The numbers that this owner remembers as out to that call.</summary>
    internal CounterPermit? OutFor(CallId id) =>
        Calls is { } calls && calls.TryFind(id, out var call) && call.State != CallState.Closed
            ? Recall(calls, call, LastMax)
            : null;

    /// <summary>What only some counters have, which this one has from now on.</summary>
    internal ActiveState EnsureActiveState() => ActiveState ??= Rules.ActiveStates.Rent();

    /// <summary>A copy that shares nothing that moves; permits stay with the original.</summary>
    internal virtual CounterMachine Copy()
    {
        var copy = (CounterMachine)MemberwiseClone();
        copy.ActiveState = ActiveState?.Copy();
        return copy;
    }

    /// <summary>What a call that was answered with numbers is told again; false if it is not known.</summary>
    protected bool TryRepeat(in CounterRequest ask, out CounterReply verdict)
    {
        verdict = default;
        if (Calls is not { } calls || !calls.TryFind(ask.CallId, out var call)) return false;
        verdict = call.State == CallState.Closed
            ? CounterReply.Closed
            : CounterReply.Granted(Recall(calls, call, ask.Max));
        return true;
    }

    /// <summary>
    /// The numbers of a call, of which only its id is remembered: nothing comes back by this part, only by the id.
    /// </summary>
    private CounterPermit Recall(IssuedCallLog calls, in IssuedCall call, Amount max) =>
        Ended(new(key, max, call.Cost, call.WindowStartMs, call.Only, calls.IntervalsOf(call), call.UsedAfter)
        {
            IsToldAgain = true,
        });

    /// <summary>A part of the running window, with the end of that where its start alone does not say it.</summary>
    protected virtual CounterPermit Ended(CounterPermit part) => part;

    /// <summary>At the end of a step: what nobody needs any more goes.</summary>
    protected void DropIdleState()
    {
        if (ActiveState is not { AreDone: true } activeState) return;
        ActiveState = null;
        Rules.ActiveStates.Return(activeState);
    }

    /// <summary>Enters the window of this instant, if it is another one, and forgets the last.</summary>
    protected abstract void AdvanceWindow(long nowMs);

    /// <summary>Everybody who waits gets a turn; then the store is told what it should know.</summary>
    protected abstract void Serve(long nowMs, CounterEffects effects);

    /// <summary>What was written is in the store for certain.</summary>
    protected abstract void ApplyWrite(PendingWrite pendingWrite, long nowMs, CounterEffects effects);

    /// <summary>It was certainly not applied.</summary>
    protected abstract void UndoWrite(PendingWrite pendingWrite);

    /// <summary>It was not applied, as the store calls its window finished.</summary>
    protected abstract void Finish(PendingWrite pendingWrite, long nowMs);

    /// <summary>It is not there, but may yet come: what it reserves is given up.</summary>
    protected virtual void GiveUpWrite()
    {
    }

    /// <summary>Whether the store went back in time: it knows less than this owner has seen there.</summary>
    protected abstract bool HasGoneBack(Reservation record, long nowMs);

    /// <summary>The store went back in time: nothing is given out while it may have lost what counts.</summary>
    protected abstract void Quarantine(long nowMs);

    /// <summary>Whether nothing is given out now, for that or because the store calls the window finished.</summary>
    protected abstract bool IsQuarantined(long nowMs);

    /// <summary>The answer to a call before which nobody waits, as far as the store need not be asked for it.</summary>
    protected abstract CounterReply AnswerNow(in CounterRequest ask, long nowMs, CounterEffects effects);

    /// <summary>A part that takes nothing, if there is room for this call by the record as seen; else null.</summary>
    protected abstract CounterPermit? Look(in CounterRequest ask, long nowMs);

    /// <summary>Whether everybody is refused now, and why.</summary>
    protected bool IsDenied(long nowMs, out RefusalKind kind)
    {
        var isBehind = WindowStartMs > nowMs + (2 * ClockBounds.EpsilonMs);
        kind = isBehind ? RefusalKind.ClockBehind : RefusalKind.EngineUnavailable;
        return isBehind || IsQuarantined(nowMs);
    }

    /// <summary>Nothing is given, for this reason.</summary>
    protected abstract CounterReply Refuse(RefusalKind kind, in CounterRequest ask, long nowMs);

    /// <summary>Every waiting call is refused; what is in hand stays.</summary>
    protected void Fail(RefusalKind kind, long nowMs, CounterEffects effects)
    {
        foreach (var queued in Line.All)
            effects.Answers.Add(new AnsweredCall(queued.Request, Refuse(kind, queued.Request, nowMs)));
        Line.Clear();
        Store.ForgetUnknown();
    }

    /// <summary>A waiting call has its answer, and is about to leave the line.</summary>
    protected void Answer(QueuedRequest queued, CounterReply verdict, CounterEffects effects)
    {
        Line.Unpark(queued);
        effects.Answers.Add(new AnsweredCall(queued.Request, verdict));
    }

    /// <summary>A call goes on waiting, for what may come back, until its patience ends.</summary>
    protected void Defer(QueuedRequest queued, CounterEffects effects)
    {
        Line.Defer(queued);
        effects.WakeAtMs = Math.Min(effects.WakeAtMs ?? long.MaxValue, queued.Request.PatientUntilMs);
    }

    /// <summary>Numbers that were given out are here again.</summary>
    protected abstract void ReleaseNumbers(CounterPermit part, Amount amount, long nowMs, CounterEffects effects);

    /// <summary>Whether an attempt of unknown outcome was applied: only the own nonce says so.</summary>
    protected virtual bool HasLanded(PendingWrite pendingWrite, Reservation record) =>
        record.Nonce == pendingWrite.Record.Nonce;

    /// <summary>Whether this reply settles the attempt: not once its outcome is being read.</summary>
    protected virtual bool IsOpen(PendingWrite pendingWrite, uint token) =>
        pendingWrite.Token == token && Store.ReadToken == 0;

    /// <summary>Whether the record was looked at after this call arrived.</summary>
    protected virtual bool IsFresh(QueuedRequest queued) =>
        Rules.HasSoleOwner || unchecked((int)(Store.SeenArrivals - queued.Arrival)) >= 0;

    /// <summary>
    /// Whether something that this owner gave out may come back: only then is a call that finds no room worth keeping.
    /// What another owner on the same store may give back is none of its affair: the record counts it until then, and
    /// this owner would not hear of it while it waits.
    /// </summary>
    protected bool MayComeBack => Outstanding.Count != 0;

    /// <summary>Whether nothing can come back, from nobody, so that a refusal may be remembered.</summary>
    protected bool IsFinal => Rules.HasSoleOwner && !MayComeBack;
}
