namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>Takes a write of unknown outcome for done.</summary>
internal sealed class HopefulCounter(CounterKey key, CounterRules rules) : FixedWindowCounter(key, rules)
{
    protected override bool HasLanded(PendingWrite pendingWrite, Reservation record) => true;

    protected override bool HasGoneBack(Reservation record, long nowMs) => false;
}
