namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>Takes numbers back that another owner gave out.</summary>
internal sealed class TrustingCounter(CounterKey key, CounterRules rules) : FixedWindowCounter(key, rules)
{
    public void Accept(CounterPermit part, Amount amount, long nowMs, CounterEffects effects) =>
        ReleaseNumbers(part, amount, nowMs, effects);
}
