namespace Gateway.Faults.Nemesis;

/// <summary>An additional gateway or frontend for a while, which then ends in order; no agent may notice.</summary>
internal sealed class Scaled : IFault
{
    public string Kind => "scale up and down";

    public async Task<Fault> StrikeAsync(RunningFleet fleet, RunClock clock, Random random)
    {
        var spare = fleet.Seats.First(seat => seat.Process is null);
        var fromMs = clock.NowMs();
        await fleet.StartAsync(spare);
        await RunClock.PassAsync(1000 + random.Next(3000));
        await spare.StopAsync();
        return new Fault(Kind, [], fromMs, clock.NowMs(), Loses: false) { Target = spare.Name };
    }
}
