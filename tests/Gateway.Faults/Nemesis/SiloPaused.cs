namespace Gateway.Faults.Nemesis;

/// <summary>
/// A suspension of a silo until its counters have other owners, followed by a resumption: a counter has two owners at
/// once.
/// </summary>
internal sealed class SiloPaused : IFault
{
    public string Kind => "silo: SIGSTOP";

    public async Task<Fault> StrikeAsync(RunningFleet fleet, RunClock clock, Random random)
    {
        await fleet.ReplaceEndedAsync();
        var silo = fleet.Silos[random.Next(fleet.Silos.Count)];
        var fromMs = clock.NowMs();
        silo.Process!.Pause();
        await RunClock.PassAsync(500 + random.Next(7000));
        silo.Process.Resume();
        await fleet.ReplaceEndedAsync(boundMs: 2500);
        return new Fault(
            Kind, [.. fleet.Seats.Select(seat => seat.Name)], fromMs, clock.NowMs(), Loses: true, Owners: 1)
        {
            Target = silo.Name,
        };
    }
}
