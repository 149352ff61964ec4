namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>Hands back whatever it wrote last, though more was reserved above it.</summary>
internal sealed class LastWriterCounter(CounterKey key, CounterRules rules) : FixedWindowCounter(key, rules)
{
    protected override bool MayReturn(NumberRange run, CachedRecord seen) =>
        seen.IsPresent && seen.Record.WindowStartMs == WindowStartMs;

    protected override bool HasGoneBack(Reservation record, long nowMs) => false;
}
