namespace Gateway.Limits.Tests.Simulation.Sliding.Planted;

/// <summary>Takes a write of unknown outcome for done.</summary>
internal sealed class HopefulSliding(CounterKey key, CounterRules rules) : SlidingWindowCounter(key, rules)
{
    protected override bool HasLanded(PendingWrite pendingWrite, Reservation record) => true;

    protected override bool HasGoneBack(Reservation record, long nowMs) => false;
}
