using Gateway.Limits.Windows.InFlight;

namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>A counter of calls in flight from which a rule is taken out.</summary>
internal sealed class InFlightMutant(CounterKey key, CounterRules rules, Mutation mutation)
    : InFlightCounter(key, rules), IMutant
{
    /// <inheritdoc/>
    public void Accept(CounterPermit part, Amount amount, long nowMs, CounterEffects effects) =>
        ReleaseNumbers(part, amount, nowMs, effects);

    protected override long FirstCountedMs(long timeMs) =>
        mutation == Mutation.ForgetsEarly ? timeMs : base.FirstCountedMs(timeMs);

    protected override long DeadlineMs(long timeMs) =>
        mutation == Mutation.CountsFromStart ? timeMs : base.DeadlineMs(timeMs);
}
