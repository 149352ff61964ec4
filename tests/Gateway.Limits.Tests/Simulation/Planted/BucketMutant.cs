using Gateway.Limits.Windows.Bucket;

namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>A bucket from which a rule is taken out.</summary>
internal sealed class BucketMutant(CounterKey key, CounterRules rules, Mutation mutation)
    : BucketCounter(key, rules), IMutant
{
    private PendingWrite? _landed;
    private bool _hasWritten;

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

    protected override bool HasGoneBack(Reservation record, long nowMs) =>
        mutation != Mutation.GoesBack && base.HasGoneBack(record, nowMs);

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

    protected override Reservation NextRecord(long timeMs, Int128 need, UInt128 nonce)
    {
        var (record, isFirst) = (base.NextRecord(timeMs, need, nonce), !_hasWritten);
        _hasWritten = true;
        if (mutation == Mutation.StartsFull && isFirst) return record with { Reserved = need };
        return mutation == Mutation.GoesBack ? record with { WindowStartMs = LastMs } : record;
    }

    protected override Int128 Refill(Int128 missing, Amount max, long elapsedMs) =>
        base.Refill(missing, max, mutation == Mutation.RefillsTwice ? 2 * elapsedMs : elapsedMs);

    protected override Int128 Recovered(Int128 taken, Amount max, long elapsedMs) =>
        mutation == Mutation.RecoversRefilled ? taken : base.Recovered(taken, max, elapsedMs);
}
