namespace Gateway.Faults.Nemesis;

/// <summary>SIGSTOP of a gateway or frontend, and SIGCONT after the windows of some calls have ended.</summary>
internal sealed class Paused : IFault
{
    public string Kind => "SIGSTOP";

    public async Task<Fault> StrikeAsync(RunningFleet fleet, RunClock clock, Random random)
    {
        var seat = fleet.Serving[random.Next(fleet.Serving.Count)];
        var fromMs = clock.NowMs();
        seat.Process!.Pause();
        await RunClock.PassAsync(200 + random.Next(3500));
        seat.Process.Resume();
        return new Fault(Kind, [seat.Name], fromMs, clock.NowMs(), Loses: true);
    }
}
