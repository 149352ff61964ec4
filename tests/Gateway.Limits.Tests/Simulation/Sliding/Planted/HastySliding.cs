using Gateway.Limits.Counting;
using Gateway.Limits.Counting.Sliding;

namespace Gateway.Limits.Tests.Simulation.Sliding.Planted;

/// <summary>Replies first, and compares and swaps after.</summary>
internal sealed class HastySliding(CounterKey key, CounterRules rules) : SlidingCounter(key, rules)
{
    public override CounterVerdict Acquire(in CounterAsk ask, long nowMs, CounterEffects effects)
    {
        var verdict = base.Acquire(ask, nowMs, effects);
        if (verdict.Kind != VerdictKind.Waiting || effects.Request is not { Write: { } record }) return verdict;
        Line.Remove(ask.CallId);
        Served.Clear();
        return CounterVerdict.Granted(
            new CounterPermit(Key, ask.Max, ask.Cost, record.WindowStartMs, [], Amount.Zero));
    }

    protected override void Land(Attempt attempt, long nowMs, CounterEffects effects)
    {
    }
}
