namespace Gateway.Limits.Tests.Simulation.Sliding.Planted;

/// <summary>Counts numbers from when they were reserved, though they may be used a moment later.</summary>
internal sealed class UndatedSliding(CounterKey key, CounterRules rules) : SlidingWindowCounter(key, rules)
{
    protected override long DeadlineMs(long timeMs) => timeMs;
}
