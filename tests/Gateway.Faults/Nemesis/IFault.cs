namespace Gateway.Faults.Nemesis;

/// <summary>One sort of trouble.</summary>
internal interface IFault
{
    /// <summary>What the report calls it.</summary>
    string Kind { get; }

    /// <summary>Makes it, mends it, and says what was touched and when.</summary>
    Task<Fault> StrikeAsync(RunningFleet fleet, RunClock clock, Random random);
}
