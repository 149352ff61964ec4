namespace Gateway.Limits.Tests.Simulation.Sliding.Planted;

/// <summary>Gives to all who wait what was reserved for some.</summary>
internal sealed class GenerousSliding(CounterKey key, CounterRules rules) : SlidingWindowCounter(key, rules)
{
    protected override void ApplyWrite(PendingWrite pendingWrite, long nowMs, CounterEffects effects)
    {
        foreach (var queued in Line.All) Served[queued.Request.CallId] = queued.Request.Cost.Nano;
        base.ApplyWrite(pendingWrite, nowMs, effects);
    }
}
