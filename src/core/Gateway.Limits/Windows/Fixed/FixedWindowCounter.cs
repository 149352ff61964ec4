using System.Collections.Immutable;
using Gateway.Limits.Counting;
using Gateway.Limits.Model;

namespace Gateway.Limits.Windows.Fixed;

/// <summary>
/// One owner of one counter: events in, effects out. It has no I/O, clock or lock of its own; the driver steps it from
/// one thread at a time and carries out the effects. Safety does not depend on being the only owner: numbers are given
/// out only after the store has confirmed their reservation, and each number of a block once.
/// </summary>
/// <remarks>Each rule of the protocol is a virtual method, so that a test can disable one and must then fail.</remarks>
internal class FixedWindowCounter(CounterKey key, CounterRules rules) : FixedWindowState(key, rules), ICounter
{
    /// <inheritdoc/>
    protected sealed override CounterReply AnswerNow(in CounterRequest ask, long nowMs, CounterEffects effects)
    {
        var move = Evaluate(ask, isFresh: Rules.HasSoleOwner);
        if (move == NextMove.Issue)
        {
            // No other call gets this part, so it may come from the pool: it has one permit, which ends once.
            var part = Give(ask, nowMs, effects.Permits?.Rent_NeedsLock());
            ReadAhead(ask, effects);
            return CounterReply.Granted(part);
        }

        return move == NextMove.Refuse && MayRefuseNow(ask, nowMs)
            ? Refuse(RefusalKind.NoRoom, ask, nowMs)
            : CounterReply.Waiting;
    }

    /// <inheritdoc/>
    protected sealed override CounterPermit? Look(in CounterRequest ask, long nowMs) =>
        HasRoom(ask) ? Describe(ask, default, []) : null;

    /// <summary>Handles a timer: parked calls past their deadline are refused.</summary>
    public void OnTimer(long dueMs, long nowMs, CounterEffects effects) => Serve(Math.Max(dueMs, nowMs), effects);

    /// <summary>
    /// Returns the topmost contiguous run to the store, after any exchange in progress, if nothing was reserved above
    /// it. The run is removed first, and comes back only if the store certainly did not apply the return.
    /// </summary>
    public void ReturnUnissued(long nowMs, CounterEffects effects)
    {
        AdvanceWindow(nowMs);
        HandsBackNext = Store.IsBusy;
        var run = Hand.Highest;
        if (Store.IsBusy || run.Length == 0 || !MayReturn(run, Store.Seen))
        {
            DropIdleState();
            return;
        }

        DropReturned(run);
        effects.Request = Store.Write(Reserved(run.Low), default, run, Line.Arrivals);
    }

    /// <summary>Takes back numbers of this window.</summary>
    protected override void ReleaseNumbers(CounterPermit part, Amount amount, long nowMs, CounterEffects effects)
    {
        AdvanceWindow(nowMs);
        if (part.WindowStartMs != WindowStartMs) return;
        if (part.TryGetLast(amount, out var last)) Hand.Add(last, Rules.IntervalsMax);
        else foreach (var numberRange in part.Last(amount)) Hand.Add(numberRange, Rules.IntervalsMax);
        Line.UnparkAll();
        Serve(nowMs, effects);
    }

    /// <summary>Gives each waiting call a turn, then returns numbers that a shared store should have back.</summary>
    protected override void Serve(long nowMs, CounterEffects effects)
    {
        AdvanceWindow(nowMs);
        if (Line.Count > 0)
        {
            var isDenied = IsDenied(nowMs, out var denial);
            int kept = 0, at = 0;
            for (var goesOn = true; goesOn && at < Line.Count; at++)
            {
                var queued = Line.All[at];
                if (isDenied) Answer(queued, Refuse(denial, queued.Request, nowMs), effects);
                else if (!TryAnswer(queued, nowMs, effects, out goesOn)) Line.Keep(kept++, queued);
            }

            Line.RemoveBetween(kept, at);
        }

        if ((HandsBackNext || !Rules.HasSoleOwner) && Line.Count == 0 && !Hand.IsEmpty) ReturnUnissued(nowMs, effects);
        else DropIdleState();
    }

    /// <summary>
    /// Gives one call its turn. False if it stays; <paramref name="goesOn"/> is false if those behind it stay too.
    /// </summary>
    private bool TryAnswer(QueuedRequest queued, long nowMs, CounterEffects effects, out bool goesOn)
    {
        goesOn = true;
        var ask = queued.Request;
        if (queued.IsParked && !MayRefuseNow(ask, nowMs)) return Keep(queued, effects);
        Line.Unpark(queued);
        switch (Evaluate(ask, IsFresh(queued)))
        {
            case NextMove.Issue:
                Answer(queued, CounterReply.Granted(Give(ask, nowMs)), effects);
                ReadAhead(ask, effects);
                return true;
            case NextMove.Refuse when !MayRefuseNow(ask, nowMs):
                return Keep(queued, effects);
            case NextMove.Refuse:
                Answer(queued, Refuse(RefusalKind.NoRoom, ask, nowMs), effects);
                return true;
            case NextMove.Read:
                effects.Request = Store.Read(Line.Arrivals);
                break;
            case NextMove.Reserve:
                Reserve(queued, effects);
                break;
        }

        goesOn = false;
        return false;
    }

    private bool Keep(QueuedRequest queued, CounterEffects effects)
    {
        Defer(queued, effects);
        return false;
    }

    private NextMove Evaluate(in CounterRequest ask, bool isFresh)
    {
        var hasNumbers = Hand.Has(ask.Cost.Nano, ask.Max.Nano);
        if (hasNumbers && isFresh && HasRoom(ask)) return NextMove.Issue;
        if (Store.IsBusy) return NextMove.AwaitStore;
        // Another owner may have reserved above this maximum since, under a higher one.
        if (!Store.IsCacheValid || (hasNumbers && !isFresh)) return NextMove.Read;
        if (HasRoom(ask)) return NextMove.Reserve;
        return isFresh ? NextMove.Refuse : NextMove.Read;
    }

    private bool HasRoom(in CounterRequest ask) => ask.Cost.Nano <= Capacity(ask);

    /// <summary>
    /// Returns how much this owner has and could still reserve, below the maximum of the call. If numbers above it were
    /// reserved, because the maximum was higher, those that are not in hand leave that much less room.
    /// </summary>
    protected virtual Int128 Capacity(in CounterRequest ask)
    {
        var (max, reserved) = (ask.Max.Nano, Store.ReservedIn(WindowStartMs));
        var below = Hand.TotalBelow(max);
        return reserved <= max ? below + (max - reserved) : Int128.Min(below, Hand.Total - (reserved - max));
    }

    private CounterPermit Give(in CounterRequest ask, long nowMs, CounterPermit? pooled = null)
    {
        var only = Hand.Take(ask.Cost.Nano, ask.Max.Nano, out var more);
        BlockSizing.Add(ask.Cost.Nano, nowMs);
        var part = Describe(ask, only, more, pooled);
        Outstanding.Add();
        if (Calls is { } calls && calls.Open(ask.CallId, part, nowMs)) Outstanding.Remove(Outstanding.Epoch);
        return part;
    }

    private CounterPermit Describe(
        in CounterRequest ask, NumberRange only, ImmutableArray<NumberRange> more, CounterPermit? pooled = null)
    {
        var part = pooled is null
            ? new CounterPermit(Key, ask.Max, ask.Cost, WindowStartMs, only, more, Used)
            : pooled.Fill(Key, ask, WindowStartMs, only, more, Used);
        (part.Refundable, part.Issuer, part.Epoch) = (ask.Refundable, this, Outstanding.Epoch);
        return Ended(part);
    }

    /// <summary>Reserves what the waiting calls from this one on need, as far as the window has room.</summary>
    private void Reserve(QueuedRequest first, CounterEffects effects)
    {
        var ask = first.Request;
        Int128 top = 0, wanted = 0;
        foreach (var queued in Line.All)
        {
            if (queued.IsParked || unchecked((int)(queued.Arrival - first.Arrival)) < 0) continue;
            if (wanted + queued.Request.Cost.Nano > Capacity(queued.Request)) continue;
            top = Int128.Max(top, queued.Request.Max.Nano);
            wanted += queued.Request.Cost.Nano;
        }

        var need = Int128.Max(ask.Cost.Nano - Hand.TotalBelow(ask.Max.Nano), wanted - Hand.TotalBelow(top));
        if (Rules.HasSoleOwner)
            need = Int128.Max(need, BlockSizing.Block(ask.Cost.Nano, ask.Max.Nano, BlockLeastPart()));
        var low = Store.ReservedIn(WindowStartMs);
        ReserveTo(Int128.Min(top, low + need), effects);
    }

    /// <summary>
    /// Extends a sole owner's block when half of the last one is spent, so that a busy counter never waits, unless the
    /// store is overloaded.
    /// </summary>
    private void ReadAhead(in CounterRequest ask, CounterEffects effects)
    {
        if (LowWater == 0 || !Rules.HasSoleOwner || Store.IsBusy || !Store.IsCacheValid || effects.IsStoreBusy) return;
        var have = Hand.Total;
        if (BlockSizing.Rounded(have) > LowWater) return;
        var block = BlockSizing.Block(ask.Cost.Nano, ask.Max.Nano, BlockLeastPart());
        var low = Store.ReservedIn(WindowStartMs);
        var high = Int128.Min(ask.Max.Nano, low + block);
        if (block < 2 * ask.Cost.Nano || have * 2 > block || high <= low) LowWater = 0;
        else ReserveTo(high, effects);
    }

    /// <summary>
    /// Returns the least part of a block. In a longer window it is what even use takes in a second, since numbers
    /// wasted by a crash stay wasted until the window ends.
    /// </summary>
    private int BlockLeastPart()
    {
        if (Rules.BlockLeastPart == 0) return 0;
        var seconds = (WindowEndMs - WindowStartMs) / 1000;
        return (int)Math.Max(seconds, Rules.BlockLeastPart);
    }

    private void ReserveTo(Int128 high, CounterEffects effects)
    {
        var low = Store.ReservedIn(WindowStartMs);
        effects.Request = Store.Write(Reserved(high), new NumberRange(low, high), default, Line.Arrivals);
    }

    private bool MayRefuseNow(in CounterRequest ask, long nowMs) => nowMs >= ask.PatientUntilMs || !MayComeBack;

    /// <inheritdoc/>
    protected override CounterReply Refuse(RefusalKind kind, in CounterRequest ask, long nowMs) =>
        CounterReply.Refused(new CounterRefusal(kind, Used, WindowStartMs, kind switch
        {
            RefusalKind.NoRoom => IsFinal,
            RefusalKind.EngineUnavailable => IsFinished,
            _ => false,
        }));
}
