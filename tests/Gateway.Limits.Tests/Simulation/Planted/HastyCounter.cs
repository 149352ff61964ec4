using Gateway.Limits.Counting;

namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>Replies first, and compares and swaps after.</summary>
internal sealed class HastyCounter(CounterKey key, CounterRules rules) : Counter(key, rules)
{
    public override CounterVerdict Acquire(in CounterAsk ask, long nowMs, CounterEffects effects)
    {
        Roll(nowMs);
        var low = Store.Seen.ReservedIn(WindowStartMs);
        if (!Store.Seen.IsCurrent || Store.IsBusy || low + ask.Cost.Nano > ask.Max.Nano)
            return base.Acquire(ask, nowMs, effects);
        var numbers = new Interval(low, low + ask.Cost.Nano);
        effects.Request = Store.Write(
            new Reservation(WindowStartMs, numbers.High, Rules.Nonces.Next()), default, default, Line.Arrivals);
        return CounterVerdict.Granted(
            new CounterPermit(Key, ask.Max, ask.Cost, WindowStartMs, [numbers], Amount.Zero));
    }
}
