namespace Gateway.Limits.Tests.Simulation.Sliding.Planted;

/// <summary>Forgets numbers as soon as the length has passed, as if all clocks were one.</summary>
internal sealed class ForgetfulSliding(CounterKey key, CounterRules rules) : SlidingWindowCounter(key, rules)
{
    protected override long FirstCountedMs(long timeMs) => timeMs - SlidingTimes.LengthMs(Key.Window);
}
