namespace Gateway.Faults.Nemesis;

/// <summary><c>kill -9</c> of a gateway or frontend, and the start of another in its place.</summary>
internal sealed class Killed : IFault
{
    public string Kind => "kill -9";

    public async Task<Fault> StrikeAsync(RunningFleet fleet, RunClock clock, Random random)
    {
        var seat = fleet.Serving[random.Next(fleet.Serving.Count)];
        var fromMs = clock.NowMs();
        await seat.KillAsync();
        await RunClock.PassAsync(random.Next(1000));
        await fleet.StartAsync(seat);
        return new Fault(
            Kind, [seat.Name], fromMs, clock.NowMs(), Loses: true, Owners: fleet.Kind == FleetKind.Journal ? 1 : 0);
    }
}
