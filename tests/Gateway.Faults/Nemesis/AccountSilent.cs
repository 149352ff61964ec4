namespace Gateway.Faults.Nemesis;

/// <summary>A suspension of the account for a while; requests from that time may be executed after all.</summary>
internal sealed class AccountSilent : IFault
{
    public string Kind => "account silent";

    public async Task<Fault> StrikeAsync(RunningFleet fleet, RunClock clock, Random random)
    {
        var fromMs = clock.NowMs();
        fleet.Account!.Pause();
        await RunClock.PassAsync(500 + random.Next(3000));
        fleet.Account.Resume();
        return new Fault(
            Kind, [.. fleet.Seats.Select(seat => seat.Name)], fromMs, clock.NowMs(), Loses: true,
            Owners: fleet.Silos.Count);
    }
}
