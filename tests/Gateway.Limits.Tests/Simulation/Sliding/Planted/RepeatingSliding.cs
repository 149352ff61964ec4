namespace Gateway.Limits.Tests.Simulation.Sliding.Planted;

/// <summary>Takes a release as often as it comes.</summary>
internal sealed class RepeatingSliding(CounterKey key, CounterRules rules) : SlidingWindowCounter(key, rules)
{
    public override void Release(CallId id, Amount amount, long nowMs, CounterEffects effects)
    {
        if (OutFor(id) is { } part) ReleaseNumbers(part, amount, nowMs, effects);
    }
}
