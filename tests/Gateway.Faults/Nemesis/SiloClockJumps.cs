namespace Gateway.Faults.Nemesis;

/// <summary>Jumps of the clock of a running silo, there and back, first forward and then backward.</summary>
internal sealed class SiloClockJumps : IFault
{
    private int _next;

    public string Kind => "silo: clock jumps";

    public async Task<Fault> StrikeAsync(RunningFleet fleet, RunClock clock, Random random)
    {
        await fleet.ReplaceEndedAsync();
        var fromMs = clock.NowMs();
        var silo = fleet.Silos.FirstOrDefault(each => each.HasMovableClock) ?? await MakeMovableAsync(fleet, random);
        var seconds = await ClockJumps.JumpAsync(silo, _next++, random);
        await fleet.ReplaceEndedAsync();
        return new Fault(
            Kind, [.. fleet.Seats.Select(seat => seat.Name)], fromMs, clock.NowMs(), Loses: true, Owners: 1)
        {
            Target = $"{silo.Name} {seconds} s",
        };
    }

    private static async Task<Seat> MakeMovableAsync(RunningFleet fleet, Random random)
    {
        var replaced = fleet.Silos[random.Next(fleet.Silos.Count)];
        var silo = await fleet.AddSiloAsync(static seat =>
        {
            ClockJumps.Move(seat, "+0");
            return FakeTime.Follow(seat.ClockFile);
        });
        silo.HasMovableClock = true;
        await replaced.StopAsync();
        await fleet.RemoveAsync(replaced);
        return silo;
    }
}
