namespace Gateway.Faults.Nemesis;

/// <summary>
/// A cut in the network between two silos, in both directions or one. Both still reach the database and the frontends,
/// so each may consider the other one dead.
/// </summary>
internal sealed class SilosApart : IFault
{
    public string Kind => "silo: partition";

    public async Task<Fault> StrikeAsync(RunningFleet fleet, RunClock clock, Random random)
    {
        await fleet.ReplaceEndedAsync();
        var first = random.Next(fleet.Silos.Count);
        var (one, other) = (fleet.Silos[first], fleet.Silos[(first + 1) % fleet.Silos.Count]);
        var bothWays = random.Next(3) > 0;
        var cutMs = 500 + random.Next(5000);
        var fromMs = clock.NowMs();
        await fleet.Network!.CutAsync(one.Network!, other.Network!);
        if (bothWays) await fleet.Network.CutAsync(other.Network!, one.Network!);
        await RunClock.PassAsync(cutMs);
        await fleet.Network.HealAsync(one.Network!, other.Network!);
        if (bothWays) await fleet.Network.HealAsync(other.Network!, one.Network!);
        await fleet.ReplaceEndedAsync(boundMs: 2500);
        return new Fault(
            Kind, [.. fleet.Seats.Select(seat => seat.Name)], fromMs, clock.NowMs(), Loses: true, Owners: 2)
        {
            Target = $"{one.Name} {(bothWays ? "|" : ">|")} {other.Name} {cutMs} ms",
        };
    }
}
