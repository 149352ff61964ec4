using Gateway.Limits.Counting;

namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>Takes a release as often as it comes.</summary>
internal sealed class RepeatingCounter(CounterKey key, CounterRules rules) : Counter(key, rules)
{
    public override void Release(CallId id, Amount amount, long nowMs, CounterEffects effects)
    {
        if (OutFor(id) is { } part) TakeBack(part, amount, nowMs, effects);
    }
}
