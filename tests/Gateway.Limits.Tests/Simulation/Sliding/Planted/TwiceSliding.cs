using Gateway.Limits.Counting;
using Gateway.Limits.Counting.Sliding;

namespace Gateway.Limits.Tests.Simulation.Sliding.Planted;

/// <summary>Credits an attempt when it reads its own nonce, and again when the late reply comes.</summary>
internal sealed class TwiceSliding(CounterKey key, CounterRules rules) : SlidingCounter(key, rules)
{
    private Attempt? _landed;

    public override void OnWritten(uint token, WriteOutcome outcome, long nowMs, CounterEffects effects)
    {
        if (_landed?.Token == token && outcome == WriteOutcome.Ok) Land(_landed, nowMs, effects);
        else base.OnWritten(token, outcome, nowMs, effects);
    }

    protected override bool HasLanded(Attempt attempt, Reservation record)
    {
        if (!base.HasLanded(attempt, record)) return false;
        _landed = attempt;
        return true;
    }
}
