using Gateway.Limits.Counting;

namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>Gives out from memory, and writes afterwards, whatever the store holds by then.</summary>
internal sealed class LazyCounter(CounterKey key, CounterRules rules) : Counter(key, rules)
{
    private Int128 _given;
    private long _window = long.MinValue;

    public override CounterVerdict Acquire(in CounterAsk ask, long nowMs, CounterEffects effects)
    {
        Roll(nowMs);
        if (_window != WindowStartMs) (_window, _given) = (WindowStartMs, 0);
        if (_given + ask.Cost.Nano > ask.Max.Nano)
            return CounterVerdict.Refused(new CounterRefusal(RefusalKind.NoRoom, default, WindowStartMs));
        var numbers = new Interval(_given, _given + ask.Cost.Nano);
        _given = numbers.High;
        effects.Request = Store.Write(
            new Reservation(WindowStartMs, _given, Rules.Nonces.Next()), default, default, Line.Arrivals);
        return CounterVerdict.Granted(
            new CounterPermit(Key, ask.Max, ask.Cost, WindowStartMs, [numbers], Amount.Zero));
    }
}
