namespace Gateway.Faults.Nemesis;

/// <summary>
/// Two gateways that each assume they are the only owner of every counter, next to correct ones: they take blocks, read
/// ahead, and trust their last read. They end by <c>kill -9</c> or in order.
/// </summary>
internal sealed class TwoOwners : IFault
{
    private const long PatienceMs = 8000;

    public string Kind => "two owners";

    public async Task<Fault> StrikeAsync(RunningFleet fleet, RunClock clock, Random random)
    {
        var seat = fleet.Serving[random.Next(fleet.Serving.Count)];
        var spare = fleet.Seats.First(each => each.Process is null);
        var order = new Order(Points.SoleOwner);
        var fromMs = clock.NowMs();
        await seat.StopAsync();
        await Task.WhenAll(fleet.StartAsync(seat, order: order), fleet.StartAsync(spare, order: order));
        var startedMs = clock.NowMs();
        await clock.UntilAsync(() => Task.FromResult(
            fleet.Log.HasAdmitted(seat.Name, startedMs) && fleet.Log.HasAdmitted(spare.Name, startedMs)), PatienceMs);
        await RunClock.PassAsync(1000 + random.Next(2000));
        if (random.Next(2) == 0) await Task.WhenAll(seat.KillAsync(), spare.KillAsync());
        else await Task.WhenAll(seat.StopAsync(), spare.StopAsync());
        await fleet.StartAsync(seat);
        return new Fault(Kind, [seat.Name], fromMs, clock.NowMs(), Loses: true, Owners: 2)
        {
            Gone = [spare.Name],
            Apart = [seat.Name, spare.Name],
            Target = $"{seat.Name} {spare.Name}",
        };
    }
}
