using Gateway.Limits.Counting;

namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>Numbers that are now reserved replace those in hand.</summary>
internal sealed class ReplacingCounter(CounterKey key, CounterRules rules) : Counter(key, rules)
{
    protected override void Credit(Reservation written, Interval gain)
    {
        Hand.Clear();
        base.Credit(written, gain);
    }
}
