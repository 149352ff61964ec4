using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>
/// One owner of one counter whose numbers may be used for a moment only: events in, effects out. It reserves exactly
/// what the waiting calls need, if there is room, for many of them in one write. Safety does not depend on being the
/// only owner. The kind defines which numbers count, and for how long.
/// </summary>
internal abstract class MomentaryCounter(CounterKey key, CounterRules rules) : MomentaryState(key, rules), ICounter
{
    /// <summary>
    /// How long nothing is given out after the store considered the counter finished, in milliseconds.
    /// </summary>
    private const int FinishedForMs = 1000;

    /// <inheritdoc/>
    protected sealed override CounterReply AnswerNow(in CounterRequest ask, long nowMs, CounterEffects effects) =>
        Rules.HasSoleOwner && !Store.IsBusy && Store.IsCacheValid
            && !HasRoom(ask, Present(TimeAt(nowMs), ask.Max)) && MayRefuseNow(ask, nowMs)
            ? Refuse(RefusalKind.NoRoom, ask, nowMs)
            : CounterReply.Waiting;

    /// <inheritdoc/>
    protected sealed override CounterPermit? Look(in CounterRequest ask, long nowMs)
    {
        var present = Present(TimeAt(nowMs), ask.Max);
        return HasRoom(ask, present) ? Describe(ask, LookMs(present, nowMs), present) : null;
    }

    /// <inheritdoc/>
    /// <remarks>The timer only ends the wait of parked calls: numbers are reserved by the clock.</remarks>
    public void OnTimer(long dueMs, long nowMs, CounterEffects effects)
    {
        DeferMs = Math.Max(DeferMs, dueMs);
        Serve(nowMs, effects);
    }

    /// <inheritdoc/>
    public void ReturnUnissued(long nowMs, CounterEffects effects)
    {
        HandsBackNext = !Returned.IsEmpty;
        Serve(nowMs, effects);
    }

    /// <summary>Takes numbers back; the record counts them until the store is updated.</summary>
    protected override void ReleaseNumbers(CounterPermit part, Amount amount, long nowMs, CounterEffects effects)
    {
        AdvanceWindow(nowMs);
        var placeMs = PlaceMs(part.WindowStartMs);
        if (placeMs < FirstCountedMs(TimeAt(nowMs))) return;
        Returned = Returned.With(placeMs, amount.Nano);
        Line.UnparkAll();
        Serve(nowMs, effects);
    }

    /// <summary>Gives the reserved numbers to the calls that they were reserved for and that still wait.</summary>
    protected override void ApplyWrite(PendingWrite pendingWrite, long nowMs, CounterEffects effects)
    {
        Returning = SlidingEntries.Empty;
        var timeMs = pendingWrite.Record.WindowStartMs;
        var left = pendingWrite.Reserved.Length;
        var used = pendingWrite.Record.Reserved - left;
        if (nowMs < DeadlineOf(timeMs))
        {
            int kept = 0, at = 0;
            for (; at < Line.Count; at++)
            {
                var queued = Line.All[at];
                if (Served.Remove(queued.Request.CallId, out var cost) && cost == queued.Request.Cost.Nano)
                {
                    left -= cost;
                    Answer(queued, CounterReply.Granted(Give(queued.Request, timeMs, used += cost, nowMs)), effects);
                }
                else
                {
                    Line.Keep(kept++, queued);
                }
            }

            if (at > 0) Line.RemoveBetween(kept, at);
        }

        left -= StaysTaken(Served.Keys);
        Served.Clear();
        Returned = Returned.With(PlaceMs(timeMs), left);
    }

    /// <summary>
    /// Gives each waiting call a turn. One write reserves for all that fit, and removes the numbers that came back.
    /// </summary>
    protected override void Serve(long nowMs, CounterEffects effects)
    {
        AdvanceWindow(nowMs);
        if (IsDenied(nowMs, out var denial))
        {
            Fail(denial, nowMs, effects);
            return;
        }

        if (Store.IsBusy) return;
        var isHandingBack = !Returned.IsEmpty && (HandsBackNext || HandsBackAtOnce);
        if (Line.Count == 0 && !isHandingBack) return;
        if (!Store.IsCacheValid)
        {
            effects.Request = Store.Read(Line.Arrivals);
            return;
        }

        var timeMs = TimeAt(nowMs);
        var need = Evaluate(Present(timeMs, LastMax), nowMs, effects, out var mustLook);
        if (need > 0 || (isHandingBack && !Returned.From(FirstCountedMs(timeMs)).IsEmpty))
            Write(timeMs, need, effects);
        else if (mustLook)
            effects.Request = Store.Read(Line.Arrivals);
    }

    /// <summary>Replies to or parks the calls that find no room, and adds up what the others need.</summary>
    private Int128 Evaluate(Int128 present, long nowMs, CounterEffects effects, out bool mustLook)
    {
        Int128 need = 0;
        mustLook = false;
        int kept = 0, at = 0;
        for (; at < Line.Count; at++)
        {
            var queued = Line.All[at];
            var ask = queued.Request;
            if (queued.IsParked && MayRefuseNow(ask, nowMs)) Line.Unpark(queued);
            if (!queued.IsParked && HasRoom(ask, present))
            {
                // A call that would fit alone, but not beside the calls before it, waits for their outcome.
                if (HasRoom(ask, present + need))
                {
                    need += ask.Cost.Nano;
                    present -= TakeOver(ask);
                    Served[ask.CallId] = ask.Cost.Nano;
                }
            }
            else if (!queued.IsParked && !IsFresh(queued))
            {
                mustLook = true;
            }
            else if (!queued.IsParked && MayRefuseNow(ask, nowMs))
            {
                Answer(queued, Refuse(RefusalKind.NoRoom, ask, nowMs), effects);
                continue;
            }
            else
            {
                Defer(queued, effects);
            }

            Line.Keep(kept++, queued);
        }

        if (at > 0) Line.RemoveBetween(kept, at);
        return need;
    }

    private void Write(long timeMs, Int128 need, CounterEffects effects)
    {
        HandsBackNext = false;
        var record = NextRecord(timeMs, need, Rules.Nonces.Next());
        (Returning, Returned) = (Returned, SlidingEntries.Empty);
        effects.Request = Store.Write(record, new NumberRange(0, need), default, Line.Arrivals);
    }

    /// <summary>Undoes a write that was certainly not applied.</summary>
    protected override void UndoWrite(PendingWrite pendingWrite)
    {
        Served.Clear();
        KeepReturning();
    }

    /// <inheritdoc/>
    protected override void Finish(PendingWrite pendingWrite, long nowMs)
    {
        UndoWrite(pendingWrite);
        QuarantineUntilMs = Math.Max(QuarantineUntilMs, nowMs + FinishedForMs);
    }

    /// <summary>
    /// Abandons the numbers that a write of unknown outcome reserved or removed: it may still be applied.
    /// </summary>
    protected override void GiveUpWrite()
    {
        Served.Clear();
        GiveUpReturning();
    }

    /// <summary>
    /// Gives nothing out until all that the store, which went back in time, may have lost no longer counts.
    /// </summary>
    protected override void Quarantine(long nowMs)
    {
        QuarantineUntilMs = Math.Max(QuarantineUntilMs, Key.RecordEndMs(nowMs) + (2 * ClockBounds.EpsilonMs));
        Returned = SlidingEntries.Empty;
    }

    /// <inheritdoc/>
    protected sealed override void Close(long closedBeforeMs, long nowMs)
    {
        var firstMs = Math.Max(Key.Kind.FirstCountedMs(Key.Window, TimeAt(nowMs)), Key.GenerationFromMs);
        if (closedBeforeMs <= 0 || firstMs >= closedBeforeMs) return;
        var lastMs = Math.Min(closedBeforeMs, nowMs + (2 * ClockBounds.EpsilonMs));
        QuarantineUntilMs = Math.Max(QuarantineUntilMs, Key.RecordEndMs(lastMs));
    }

    /// <summary>Returns until when (exclusive) a number reserved at this time may be used.</summary>
    private long DeadlineOf(long timeMs) => Key.Kind.DeadlineMs(Key.Window, timeMs);

    /// <summary>Returns true if this call fits beside the amount already taken.</summary>
    protected virtual bool HasRoom(in CounterRequest ask, Int128 taken) => taken + ask.Cost.Nano <= ask.Max.Nano;

    /// <summary>Returns how much of the taken amount this call, which the next write serves, replaces.</summary>
    protected virtual Int128 TakeOver(in CounterRequest ask) => 0;

    /// <summary>
    /// Returns how much of the amount reserved for calls that no longer wait stays taken after the release.
    /// </summary>
    protected virtual Int128 StaysTaken(IEnumerable<CallId> unanswered) => 0;

    private CounterPermit Give(in CounterRequest ask, long timeMs, Int128 used, long nowMs)
    {
        LastSecond = nowMs / 1000;
        LastUseMs = Math.Max(LastUseMs, DeadlineOf(timeMs) - 1);
        var part = Describe(ask, timeMs, used);
        Outstanding.Add();
        if (Calls is { } calls && calls.Open(ask.CallId, part, nowMs)) Outstanding.Remove(Outstanding.Epoch);
        return part;
    }

    private CounterPermit Describe(in CounterRequest ask, long timeMs, Int128 used) =>
        new(Key, ask.Max, ask.Cost, timeMs, default, [], Amount.FromNano(used))
        {
            Refundable = ask.Refundable,
            Issuer = this,
            Epoch = Outstanding.Epoch,
        };

    private bool MayRefuseNow(in CounterRequest ask, long nowMs) =>
        Math.Max(nowMs, DeferMs) >= ask.PatientUntilMs || !MayComeBack;

    /// <inheritdoc/>
    protected override CounterReply Refuse(RefusalKind kind, in CounterRequest ask, long nowMs)
    {
        if (kind == RefusalKind.ClockBehind)
            return CounterReply.Refused(new CounterRefusal(kind, Used, WindowStartMs));
        if (kind == RefusalKind.EngineUnavailable && nowMs + FinishedForMs < QuarantineUntilMs)
        {
            var closedMs = QuarantineUntilMs - Key.Window.ShortestMs;
            return CounterReply.Refused(
                new CounterRefusal(kind, Used, closedMs, IsFinal: true) { WindowEndMs = QuarantineUntilMs });
        }

        if (kind != RefusalKind.NoRoom)
            return CounterReply.Refused(new CounterRefusal(kind, Used, long.MinValue));

        // The interval that has to pass: it ends when there is room.
        var timeMs = TimeAt(nowMs);
        var startMs = FreeAtMs(ask, timeMs) - Key.Window.ShortestMs;
        return CounterReply.Refused(
            new CounterRefusal(kind, Amount.FromNano(Present(timeMs, ask.Max)), startMs, IsFinal));
    }
}
