namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>Credits an attempt when it reads its own nonce, and again when the late reply comes.</summary>
internal sealed class TwiceCounter(CounterKey key, CounterRules rules) : FixedWindowCounter(key, rules)
{
    private PendingWrite? _landed;

    public override void OnWritten(uint token, ReservationWrite write, long nowMs, CounterEffects effects)
    {
        if (_landed?.Token == token && write == ReservationWrite.Ok) ApplyWrite(_landed.Record, _landed.Reserved);
        else base.OnWritten(token, write, nowMs, effects);
    }

    protected override bool HasLanded(PendingWrite pendingWrite, Reservation record)
    {
        if (!base.HasLanded(pendingWrite, record)) return false;
        _landed = pendingWrite;
        return true;
    }
}
