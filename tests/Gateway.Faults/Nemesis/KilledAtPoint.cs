namespace Gateway.Faults.Nemesis;

/// <summary>
/// The end of a gateway as by <c>kill -9</c> at one of four points within a call, some calls after its start, and the
/// start of another in its place.
/// </summary>
/// <param name="first">The number of the first point.</param>
internal sealed class KilledAtPoint(int first) : IFault
{
    private const int PassingsMax = 12;
    private const long PatienceMs = 8000;
    private int _next = first;

    public string Kind => "killed at a fail point";

    public async Task<Fault> StrikeAsync(RunningFleet fleet, RunClock clock, Random random)
    {
        var seat = fleet.Serving[random.Next(fleet.Serving.Count)];
        var order = new Order(Points.OfDeath[_next++ % Points.OfDeath.Count], 1 + random.Next(PassingsMax));
        var fromMs = clock.NowMs();
        await seat.StopAsync();
        await fleet.StartAsync(seat, order: order);
        // While the database is down, the gateway may not reach its point; then it is killed wherever it is.
        await clock.UntilAsync(() => Task.FromResult(seat.Process!.HasExited), PatienceMs);
        var came = seat.Process!.HasExited ? "" : ", not come to";
        await seat.KillAsync();
        await fleet.StartAsync(seat);
        var owners = fleet.Kind == FleetKind.Journal ? 1 : 0;
        return new Fault(Kind, [seat.Name], fromMs, clock.NowMs(), Loses: true, owners)
        {
            Target = $"{seat.Name} {order.Point}{came}",
        };
    }
}
