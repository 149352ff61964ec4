using Gateway.Limits.Counting;
using Gateway.Limits.Counting.Sliding;

namespace Gateway.Limits.Tests.Simulation.Sliding.Planted;

/// <summary>Gives to all who wait what was reserved for some.</summary>
internal sealed class GenerousSliding(CounterKey key, CounterRules rules) : SlidingCounter(key, rules)
{
    protected override void Land(Attempt attempt, long nowMs, CounterEffects effects)
    {
        foreach (var waiter in Line.All) Served[waiter.Ask.CallId] = waiter.Ask.Cost.Nano;
        base.Land(attempt, nowMs, effects);
    }
}
