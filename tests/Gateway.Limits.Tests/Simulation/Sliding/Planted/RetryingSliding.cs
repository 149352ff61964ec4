namespace Gateway.Limits.Tests.Simulation.Sliding.Planted;

/// <summary>Hands back once more what an earlier write, of unknown outcome, may have handed back.</summary>
internal sealed class RetryingSliding(CounterKey key, CounterRules rules) : SlidingWindowCounter(key, rules)
{
    protected override void GiveUpReturning() => KeepReturning();
}
