using Gateway.Limits.Counting;
using Gateway.Limits.Counting.Sliding;

namespace Gateway.Limits.Tests.Simulation.Sliding.Planted;

/// <summary>Takes numbers back that another owner gave out.</summary>
internal sealed class TrustingSliding(CounterKey key, CounterRules rules) : SlidingCounter(key, rules)
{
    public void Accept(CounterPermit part, Amount amount, long nowMs, CounterEffects effects) =>
        TakeBack(part, amount, nowMs, effects);
}
