namespace Gateway.Faults.Nemesis;

/// <summary>A replacement of every process in order, one after the other; no agent may notice.</summary>
internal sealed class Rolled : IFault
{
    public string Kind => "rolling restart";

    public async Task<Fault> StrikeAsync(RunningFleet fleet, RunClock clock, Random random)
    {
        var fromMs = clock.NowMs();
        foreach (var seat in fleet.Serving)
        {
            await seat.StopAsync();
            await fleet.StartAsync(seat);
        }

        await fleet.ReplaceEndedAsync();
        foreach (var silo in fleet.Silos)
        {
            await fleet.AddSiloAsync();
            await silo.StopAsync();
            await fleet.RemoveAsync(silo);
        }

        return new Fault(Kind, [], fromMs, clock.NowMs(), Loses: false);
    }
}
