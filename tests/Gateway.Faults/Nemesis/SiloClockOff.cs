namespace Gateway.Faults.Nemesis;

/// <summary>
/// A silo on a machine whose clock is off, within the bound, which replaces one whose clock is right, and later leaves
/// again. A silo whose clock is off by more does not join: it waits until the database's clock agrees.
/// </summary>
internal sealed class SiloClockOff : IFault
{
    private static readonly string[] Offsets = ["+0.2", "-0.2"];
    private int _next;

    public string Kind => "silo: clock off";

    public async Task<Fault> StrikeAsync(RunningFleet fleet, RunClock clock, Random random)
    {
        await fleet.ReplaceEndedAsync();
        var replaced = fleet.Silos[random.Next(fleet.Silos.Count)];
        var offset = Offsets[_next++ % Offsets.Length];
        var fromMs = clock.NowMs();
        var silo = await fleet.AddSiloAsync(_ => FakeTime.Shift(offset));
        await ReplaceAsync(replaced);
        await RunClock.PassAsync(1500 + random.Next(2000));
        await fleet.AddSiloAsync();
        await ReplaceAsync(silo);
        return new Fault(
            Kind, [.. fleet.Seats.Select(seat => seat.Name)], fromMs, clock.NowMs(), Loses: true, Owners: 1)
        {
            Target = $"{silo.Name} {offset} s",
        };

        async Task ReplaceAsync(Seat old)
        {
            await old.StopAsync();
            await fleet.RemoveAsync(old);
        }
    }
}
