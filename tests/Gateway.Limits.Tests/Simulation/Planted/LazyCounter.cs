namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>Gives out from memory, and writes afterwards, whatever the store holds by then.</summary>
internal sealed class LazyCounter(CounterKey key, CounterRules rules) : FixedWindowCounter(key, rules)
{
    private Int128 _given;
    private long _window = long.MinValue;

    public override CounterReply Acquire(in CounterRequest ask, long nowMs, CounterEffects effects)
    {
        AdvanceWindow(nowMs);
        if (_window != WindowStartMs) (_window, _given) = (WindowStartMs, 0);
        if (_given + ask.Cost.Nano > ask.Max.Nano)
            return CounterReply.Refused(new CounterRefusal(RefusalKind.NoRoom, default, WindowStartMs));
        var numbers = new NumberRange(_given, _given + ask.Cost.Nano);
        _given = numbers.High;
        effects.Request = Store.Write(
            new Reservation(WindowStartMs, _given, Rules.Nonces.Next()), default, default, Line.Arrivals);
        return CounterReply.Granted(
            new CounterPermit(Key, ask.Max, ask.Cost, WindowStartMs, [numbers], Amount.Zero));
    }
}
