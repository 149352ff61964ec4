namespace Gateway.Limits.Tests.Simulation.Sliding.Planted;

/// <summary>Replies first, and compares and swaps after.</summary>
internal sealed class HastySliding(CounterKey key, CounterRules rules) : SlidingWindowCounter(key, rules)
{
    public override CounterReply Acquire(in CounterRequest ask, long nowMs, CounterEffects effects)
    {
        var verdict = base.Acquire(ask, nowMs, effects);
        if (verdict.Kind != CounterReplyKind.Waiting || effects.Request is not { Write: { } record }) return verdict;
        Line.Remove(ask.CallId);
        Served.Clear();
        return CounterReply.Granted(
            new CounterPermit(Key, ask.Max, ask.Cost, record.WindowStartMs, [], Amount.Zero));
    }

    protected override void ApplyWrite(PendingWrite pendingWrite, long nowMs, CounterEffects effects)
    {
    }
}
