using Gateway.Limits.Counting;
using Gateway.Limits.Counting.Sliding;

namespace Gateway.Limits.Tests.Simulation.Sliding.Planted;

/// <summary>Takes a release as often as it comes.</summary>
internal sealed class RepeatingSliding(CounterKey key, CounterRules rules) : SlidingCounter(key, rules)
{
    public override void Release(CallId id, Amount amount, long nowMs, CounterEffects effects)
    {
        if (OutFor(id) is { } part) TakeBack(part, amount, nowMs, effects);
    }
}
