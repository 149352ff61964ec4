using Gateway.Limits.Counting;
using Gateway.Limits.Counting.Sliding;

namespace Gateway.Limits.Tests.Simulation.Sliding.Planted;

/// <summary>Refuses by whatever it saw of the record last, however long ago.</summary>
internal sealed class RememberingSliding(CounterKey key, CounterRules rules) : SlidingCounter(key, rules)
{
    protected override bool IsFresh(Waiter waiter) => true;
}
