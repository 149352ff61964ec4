using Gateway.Limits.Windows.Calendar;

namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>A counter of dates by the data of its owner, from which a rule may be taken out.</summary>
internal sealed class SimulatedCalendar(CounterKey key, CounterRules rules, int owner, Mutation mutation)
    : CalendarCounter(key, rules), IMutant
{
    /// <inheritdoc/>
    public void Accept(CounterPermit part, Amount amount, long nowMs, CounterEffects effects) =>
        ReleaseNumbers(part, amount, nowMs, effects);

    protected override (long StartMs, long EndMs) DateAt(long ms) => SimulatedZone.DateAt(ms, owner);

    protected override bool MayBegin(long startMs, long recordEndMs) =>
        mutation == Mutation.BeginsEarly || base.MayBegin(startMs, recordEndMs);
}
