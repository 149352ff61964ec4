using Gateway.Limits.Counting;

namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>Hands numbers back and keeps them.</summary>
internal sealed class KeepingCounter(CounterKey key, CounterRules rules) : Counter(key, rules)
{
    protected override void DropForHandBack(Interval run)
    {
    }
}
