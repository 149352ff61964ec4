namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>Numbers that are now reserved replace those in hand.</summary>
internal sealed class ReplacingCounter(CounterKey key, CounterRules rules) : FixedWindowCounter(key, rules)
{
    protected override void ApplyWrite(Reservation written, NumberRange gain)
    {
        Hand.Clear();
        base.ApplyWrite(written, gain);
    }
}
