namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>A counter of fixed windows from which a rule is taken out.</summary>
internal sealed class FixedMutant(CounterKey key, CounterRules rules, Mutation mutation)
    : FixedWindowCounter(key, rules), IMutant
{
    private Int128 _given;
    private long _givenWindow = long.MinValue;
    private PendingWrite? _landed;

    /// <inheritdoc/>
    public void Accept(CounterPermit part, Amount amount, long nowMs, CounterEffects effects) =>
        ReleaseNumbers(part, amount, nowMs, effects);

    public override CounterReply Acquire(in CounterRequest ask, long nowMs, CounterEffects effects)
    {
        if (mutation is not (Mutation.RepliesFirst or Mutation.WritesLazily))
            return base.Acquire(ask, nowMs, effects);
        AdvanceWindow(nowMs);
        if (_givenWindow != WindowStartMs) (_givenWindow, _given) = (WindowStartMs, 0);
        var low = mutation == Mutation.WritesLazily ? _given : Store.Seen.ReservedIn(WindowStartMs);
        _given = low + ask.Cost.Nano;
        var hasRoom = _given <= ask.Max.Nano;
        if (mutation == Mutation.RepliesFirst && (!Store.Seen.IsValid || Store.IsBusy || !hasRoom))
            return base.Acquire(ask, nowMs, effects);
        if (!hasRoom) return CounterReply.Refused(new CounterRefusal(RefusalKind.NoRoom, default, WindowStartMs));
        effects.Request = Store.Write(
            new Reservation(WindowStartMs, _given, Rules.Nonces.Next()), default, default, Line.Arrivals);
        return CounterReply.Granted(new CounterPermit(
            Key, ask.Max, ask.Cost, WindowStartMs, [new NumberRange(low, _given)], Amount.Zero));
    }

    public override void OnWritten(uint token, ReservationWrite write, long nowMs, CounterEffects effects)
    {
        if (_landed?.Token == token && write == ReservationWrite.Ok) ApplyWrite(_landed.Record, _landed.Reserved);
        else base.OnWritten(token, write, nowMs, effects);
    }

    protected override bool HasLanded(PendingWrite pendingWrite, Reservation record)
    {
        var hasLanded = base.HasLanded(pendingWrite, record);
        if (hasLanded && mutation == Mutation.CreditsTwice) _landed = pendingWrite;
        return hasLanded;
    }

    protected override bool HasGoneBack(Reservation record, long nowMs) => base.HasGoneBack(record, nowMs)
        && mutation is not (Mutation.ReturnsLastWrite or Mutation.GoesBack);

    protected override bool IsFresh(QueuedRequest queued) =>
        mutation == Mutation.RemembersRecord || base.IsFresh(queued);

    protected override bool MayReturn(NumberRange run, CachedRecord seen) => mutation == Mutation.ReturnsLastWrite
        ? seen.IsPresent && seen.Record.WindowStartMs == WindowStartMs
        : base.MayReturn(run, seen);

    protected override void DropReturned(NumberRange run)
    {
        if (mutation != Mutation.KeepsReturned) base.DropReturned(run);
    }

    protected override void ApplyWrite(Reservation written, NumberRange gain)
    {
        if (mutation == Mutation.ReplacesHand) Hand.Clear();
        base.ApplyWrite(written, gain);
    }

    protected override Int128 Capacity(in CounterRequest ask) => mutation == Mutation.ForgetsHigherMaximum
        ? Hand.TotalBelow(ask.Max.Nano) + Int128.Max(0, ask.Max.Nano - Store.ReservedIn(WindowStartMs))
        : base.Capacity(ask);

    protected override long WindowAt(long nowMs) =>
        mutation == Mutation.GoesBack ? Key.Window.StartMs(nowMs + Rules.MarginMs) : base.WindowAt(nowMs);
}
