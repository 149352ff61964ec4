using Gateway.Limits.Counting;

namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>Credits an attempt when it reads its own nonce, and again when the late reply comes.</summary>
internal sealed class TwiceCounter(CounterKey key, CounterRules rules) : Counter(key, rules)
{
    private Attempt? _landed;

    public override void OnWritten(uint token, WriteOutcome outcome, long nowMs, CounterEffects effects)
    {
        if (_landed?.Token == token && outcome == WriteOutcome.Ok) Credit(_landed.Record, _landed.Gain);
        else base.OnWritten(token, outcome, nowMs, effects);
    }

    protected override bool HasLanded(Attempt attempt, Reservation record)
    {
        if (!base.HasLanded(attempt, record)) return false;
        _landed = attempt;
        return true;
    }
}
