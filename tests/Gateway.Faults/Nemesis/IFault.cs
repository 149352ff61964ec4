namespace Gateway.Faults.Nemesis;

/// <summary>A kind of fault.</summary>
internal interface IFault
{
    /// <summary>The name in the report.</summary>
    string Kind { get; }

    /// <summary>Causes the fault, heals it, and returns the affected gateways and the times.</summary>
    Task<Fault> StrikeAsync(RunningFleet fleet, RunClock clock, Random random);
}
