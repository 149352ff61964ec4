namespace Gateway.Faults.Nemesis;

/// <summary>A cut between a gateway or a silo and the database: both directions, or only the responses.</summary>
/// <param name="mode">The direction that is lost.</param>
/// <param name="ofSilo">True to cut off a silo instead of a gateway.</param>
internal sealed class CutOff(ProxyMode mode, bool ofSilo = false) : IFault
{
    /// <summary>True to cut off a silo instead of a gateway.</summary>
    public bool OfSilo => ofSilo;

    public string Kind => (ofSilo ? "silo: " : "") + (mode switch
    {
        ProxyMode.LoseReplies => "answers lost",
        ProxyMode.Refuse => "connections refused",
        _ => "partition",
    });

    public async Task<Fault> StrikeAsync(RunningFleet fleet, RunClock clock, Random random)
    {
        if (ofSilo) await fleet.ReplaceEndedAsync();
        var among = ofSilo ? fleet.Silos : fleet.Serving;
        var seat = among[random.Next(among.Count)];
        var fromMs = clock.NowMs();
        seat.Proxy!.Mode = mode;
        if (mode == ProxyMode.Refuse) seat.Proxy.CutAll();
        await RunClock.PassAsync(500 + random.Next(3000));
        seat.Proxy.Mode = ProxyMode.Pass;
        // A connection that lost data cannot continue.
        seat.Proxy.CutAll();
        var touched = ofSilo ? fleet.Seats.Select(each => each.Name) : [seat.Name];
        return new Fault(Kind, [.. touched], fromMs, clock.NowMs(), Loses: true, Owners: ofSilo ? 1 : 0)
        {
            Target = seat.Name,
        };
    }
}
