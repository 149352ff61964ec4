using Gateway.Limits.Counting;
using Gateway.Limits.Counting.Sliding;

namespace Gateway.Limits.Tests.Simulation.Sliding.Planted;

/// <summary>Hands back once more what an earlier write, of unknown outcome, may have handed back.</summary>
internal sealed class RetryingSliding(CounterKey key, CounterRules rules) : SlidingCounter(key, rules)
{
    protected override void GiveUpReturning() => KeepReturning();
}
