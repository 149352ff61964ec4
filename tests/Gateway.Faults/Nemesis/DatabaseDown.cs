namespace Gateway.Faults.Nemesis;

/// <summary>A stop of the database, in order or as in a crash, and another start.</summary>
/// <param name="mode"><c>fast</c> ends sessions in order; <c>immediate</c> is a crash.</param>
internal sealed class DatabaseDown(string mode) : IFault
{
    public string Kind => mode == "fast" ? "database stopped" : "database crashed";

    public async Task<Fault> StrikeAsync(RunningFleet fleet, RunClock clock, Random random)
    {
        var fromMs = clock.NowMs();
        await fleet.Database!.StopAsync(mode);
        await RunClock.PassAsync(random.Next(1500));
        await fleet.Database.StartAsync();
        var owners = fleet.HasSilos ? fleet.Silos.Count : 0;
        return new Fault(
            Kind, [.. fleet.Seats.Select(seat => seat.Name)], fromMs, clock.NowMs(), Loses: true, Owners: owners);
    }
}
