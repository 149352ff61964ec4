using Gateway.Limits.Counting;
using Gateway.Limits.Counting.Sliding;

namespace Gateway.Limits.Tests.Simulation.Sliding.Planted;

/// <summary>Takes a write of unknown outcome for done.</summary>
internal sealed class HopefulSliding(CounterKey key, CounterRules rules) : SlidingCounter(key, rules)
{
    protected override bool HasLanded(Attempt attempt, Reservation record) => true;

    protected override bool HasGoneBack(Reservation record, long nowMs) => false;
}
