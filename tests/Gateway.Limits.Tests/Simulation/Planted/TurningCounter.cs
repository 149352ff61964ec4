namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>Goes by its clock alone, back too.</summary>
internal sealed class TurningCounter(CounterKey key, CounterRules rules) : FixedWindowCounter(key, rules)
{
    protected override long WindowAt(long nowMs) => Key.Window.StartMs(nowMs + Rules.MarginMs);

    protected override bool HasGoneBack(Reservation record, long nowMs) => false;
}
