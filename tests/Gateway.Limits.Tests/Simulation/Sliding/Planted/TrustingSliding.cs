namespace Gateway.Limits.Tests.Simulation.Sliding.Planted;

/// <summary>Takes numbers back that another owner gave out.</summary>
internal sealed class TrustingSliding(CounterKey key, CounterRules rules) : SlidingWindowCounter(key, rules)
{
    public void Accept(CounterPermit part, Amount amount, long nowMs, CounterEffects effects) =>
        ReleaseNumbers(part, amount, nowMs, effects);
}
