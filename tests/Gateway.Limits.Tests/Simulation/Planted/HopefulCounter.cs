using Gateway.Limits.Counting;

namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>Takes a write of unknown outcome for done.</summary>
internal sealed class HopefulCounter(CounterKey key, CounterRules rules) : Counter(key, rules)
{
    protected override bool HasLanded(Attempt attempt, Reservation record) => true;

    protected override bool HasGoneBack(Reservation record) => false;
}
