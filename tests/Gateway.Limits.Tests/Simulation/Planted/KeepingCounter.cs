namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>Hands numbers back and keeps them.</summary>
internal sealed class KeepingCounter(CounterKey key, CounterRules rules) : FixedWindowCounter(key, rules)
{
    protected override void DropReturned(NumberRange run)
    {
    }
}
