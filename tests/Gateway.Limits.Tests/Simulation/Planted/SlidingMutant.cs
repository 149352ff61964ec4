namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>A sliding counter from which a rule is taken out.</summary>
internal sealed class SlidingMutant(CounterKey key, CounterRules rules, Mutation mutation)
    : SlidingWindowCounter(key, rules), IMutant
{
    private PendingWrite? _landed;

    /// <inheritdoc/>
    public void Accept(CounterPermit part, Amount amount, long nowMs, CounterEffects effects) =>
        ReleaseNumbers(part, amount, nowMs, effects);

    public override CounterReply Acquire(in CounterRequest ask, long nowMs, CounterEffects effects)
    {
        var reply = base.Acquire(ask, nowMs, effects);
        return mutation == Mutation.RepliesFirst ? MomentaryFaults.ReplyFirst(this, ask, reply, effects) : reply;
    }

    public override void OnWritten(uint token, ReservationWrite write, long nowMs, CounterEffects effects)
    {
        if (_landed?.Token == token && write == ReservationWrite.Ok) ApplyWrite(_landed, nowMs, effects);
        else base.OnWritten(token, write, nowMs, effects);
    }

    protected override bool HasLanded(PendingWrite pendingWrite, Reservation record)
    {
        var hasLanded = base.HasLanded(pendingWrite, record);
        if (hasLanded && mutation == Mutation.CreditsTwice) _landed = pendingWrite;
        return hasLanded;
    }

    protected override bool IsFresh(QueuedRequest queued) =>
        mutation == Mutation.RemembersRecord || base.IsFresh(queued);

    protected override void GiveUpReturning()
    {
        if (mutation == Mutation.RetriesReturns) KeepReturning();
        else base.GiveUpReturning();
    }

    protected override void ApplyWrite(PendingWrite pendingWrite, long nowMs, CounterEffects effects)
    {
        if (mutation == Mutation.RepliesFirst) return;
        if (mutation == Mutation.GivesToAll) MomentaryFaults.ServeAll(this);
        base.ApplyWrite(pendingWrite, nowMs, effects);
    }

    protected override long FirstCountedMs(long timeMs) => mutation == Mutation.ForgetsEarly
        ? timeMs - SlidingTimes.LengthMs(Key.Window)
        : base.FirstCountedMs(timeMs);

    protected override long DeadlineMs(long timeMs) =>
        mutation == Mutation.CountsFromStart ? timeMs : base.DeadlineMs(timeMs);
}
