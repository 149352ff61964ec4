namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>Refuses by whatever it saw of the record last, however long ago.</summary>
internal sealed class RememberingCounter(CounterKey key, CounterRules rules) : FixedWindowCounter(key, rules)
{
    protected override bool IsFresh(QueuedRequest queued) => true;
}
