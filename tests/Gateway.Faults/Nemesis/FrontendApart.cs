namespace Gateway.Faults.Nemesis;

/// <summary>
/// A cut in the network between a frontend and one silo, or all of them, in both directions or one; everything else
/// stays reachable. The cut is short, because the kernel retransmits after increasing delays, so recovery may take as
/// long again as the cut.
/// </summary>
internal sealed class FrontendApart : IFault
{
    public string Kind => "partition";

    public async Task<Fault> StrikeAsync(RunningFleet fleet, RunClock clock, Random random)
    {
        var seat = fleet.Serving[random.Next(fleet.Serving.Count)];
        var silos = fleet.Silos.Take(random.Next(2) == 0 ? 1 : fleet.Silos.Count).ToList();
        // Either the requests are lost, or only the responses, or both.
        var lost = random.Next(3);
        var fromMs = clock.NowMs();
        foreach (var silo in silos)
        {
            if (lost != 1) await fleet.Network!.CutAsync(seat.Network!, silo.Network!);
            if (lost != 0) await fleet.Network!.CutAsync(silo.Network!, seat.Network!);
        }

        await RunClock.PassAsync(300 + random.Next(1000));
        foreach (var silo in silos)
        {
            if (lost != 1) await fleet.Network!.HealAsync(seat.Network!, silo.Network!);
            if (lost != 0) await fleet.Network!.HealAsync(silo.Network!, seat.Network!);
        }

        return new Fault(Kind, [seat.Name], fromMs, clock.NowMs(), Loses: true)
        {
            Target = $"{seat.Name} | {string.Join(' ', silos.Select(silo => silo.Name))}",
        };
    }
}
