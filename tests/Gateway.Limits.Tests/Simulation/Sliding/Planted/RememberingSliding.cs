namespace Gateway.Limits.Tests.Simulation.Sliding.Planted;

/// <summary>Refuses by whatever it saw of the record last, however long ago.</summary>
internal sealed class RememberingSliding(CounterKey key, CounterRules rules) : SlidingWindowCounter(key, rules)
{
    protected override bool IsFresh(QueuedRequest queued) => true;
}
