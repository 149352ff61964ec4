namespace Gateway.Faults.Nemesis;

/// <summary>One of several faults, drawn again each time.</summary>
internal sealed class Mixed(IReadOnlyList<IFault> faults) : IFault
{
    public string Kind => "mixed";

    public Task<Fault> StrikeAsync(RunningFleet fleet, RunClock clock, Random random) =>
        faults[random.Next(faults.Count)].StrikeAsync(fleet, clock, random);
}
