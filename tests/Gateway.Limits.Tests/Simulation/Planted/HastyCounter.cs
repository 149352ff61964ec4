namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>Replies first, and compares and swaps after.</summary>
internal sealed class HastyCounter(CounterKey key, CounterRules rules) : FixedWindowCounter(key, rules)
{
    public override CounterReply Acquire(in CounterRequest ask, long nowMs, CounterEffects effects)
    {
        AdvanceWindow(nowMs);
        var low = Store.Seen.ReservedIn(WindowStartMs);
        if (!Store.Seen.IsValid || Store.IsBusy || low + ask.Cost.Nano > ask.Max.Nano)
            return base.Acquire(ask, nowMs, effects);
        var numbers = new NumberRange(low, low + ask.Cost.Nano);
        effects.Request = Store.Write(
            new Reservation(WindowStartMs, numbers.High, Rules.Nonces.Next()), default, default, Line.Arrivals);
        return CounterReply.Granted(
            new CounterPermit(Key, ask.Max, ask.Cost, WindowStartMs, [numbers], Amount.Zero));
    }
}
