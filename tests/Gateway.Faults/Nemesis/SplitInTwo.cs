namespace Gateway.Faults.Nemesis;

/// <summary>
/// An additional frontend and silo in a separate cluster over the same database: every counter that the frontend uses
/// has two activations at once, and neither is notified of the other. The silo ends by <c>kill -9</c> or in order.
/// </summary>
internal sealed class SplitInTwo : IFault
{
    private const long PatienceMs = 8000;
    private int _splits;

    public string Kind => "two owners";

    public async Task<Fault> StrikeAsync(RunningFleet fleet, RunClock clock, Random random)
    {
        var spare = fleet.Seats.First(seat => seat.Process is null);
        // A name that was used before would bring back the records of its silos.
        var cluster = string.Create(CultureInfo.InvariantCulture, $"elsewhere-{_splits++}");
        var silo = await fleet.AddElsewhereAsync(cluster);
        var fromMs = clock.NowMs();
        await fleet.StartAsync(spare, clusterId: cluster);
        await clock.UntilAsync(() => Task.FromResult(fleet.Log.HasAdmitted(spare.Name, fromMs)), PatienceMs);
        await RunClock.PassAsync(1500 + random.Next(2000));
        if (random.Next(2) == 0) await silo.KillAsync();
        await spare.StopAsync();
        await silo.StopAsync();
        await fleet.RemoveAsync(silo);
        return new Fault(Kind, [], fromMs, clock.NowMs(), Loses: true, Owners: 2)
        {
            Gone = [spare.Name],
            Apart = [spare.Name],
            Target = $"{spare.Name} {silo.Name}",
        };
    }
}
