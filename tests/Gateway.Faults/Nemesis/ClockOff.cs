namespace Gateway.Faults.Nemesis;

/// <summary>A gateway on a machine whose clock is off, within the bound or by half a minute.</summary>
internal sealed class ClockOff : IFault
{
    private static readonly string[] Offsets = ["+0.2", "-0.2", "+30", "-30"];
    private int _next;

    public string Kind => "clock off";

    public async Task<Fault> StrikeAsync(RunningFleet fleet, RunClock clock, Random random)
    {
        var seat = fleet.Serving[random.Next(fleet.Serving.Count)];
        var offset = Offsets[_next++ % Offsets.Length];
        var fromMs = clock.NowMs();
        await seat.StopAsync();
        await fleet.StartAsync(seat, FakeTime.Shift(offset));
        await RunClock.PassAsync(1500 + random.Next(2000));
        await seat.StopAsync();
        await fleet.StartAsync(seat);
        return new Fault(Kind, [seat.Name], fromMs, clock.NowMs(), Loses: true) { Target = $"{seat.Name} {offset} s" };
    }
}
