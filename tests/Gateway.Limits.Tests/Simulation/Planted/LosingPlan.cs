namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>Gives nothing back when a later counter refuses.</summary>
internal sealed class LosingPlan(AcquiringOptions options, RefusalCache? refusals) : SteppedPlan(options, refusals)
{
    public override IEnumerable<CounterPermit> Released => [];
}
