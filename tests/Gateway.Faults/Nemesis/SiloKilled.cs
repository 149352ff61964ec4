namespace Gateway.Faults.Nemesis;

/// <summary>
/// <c>kill -9</c> of a silo, which owns a share of the counters, and the start of another one in its place.
/// </summary>
internal sealed class SiloKilled : IFault
{
    public string Kind => "silo: kill -9";

    public async Task<Fault> StrikeAsync(RunningFleet fleet, RunClock clock, Random random)
    {
        await fleet.ReplaceEndedAsync();
        var silo = fleet.Silos[random.Next(fleet.Silos.Count)];
        var fromMs = clock.NowMs();
        await silo.KillAsync();
        await fleet.RemoveAsync(silo);
        await fleet.AddSiloAsync();
        return new Fault(
            Kind, [.. fleet.Seats.Select(seat => seat.Name)], fromMs, clock.NowMs(), Loses: true, Owners: 1)
        {
            Target = silo.Name,
        };
    }
}
