namespace Gateway.Fleet.Tests.Partitions;

/// <summary>
/// A grant that is revoked while a gateway is cut off from the database, though not from agents and server: that
/// gateway cannot hear of it, and calls without limits need no count.
/// </summary>
public sealed class RevocationTests(ITestOutputHelper output)
{
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    [NamespaceFact]
    public async Task Refuses_a_revoked_grant_within_five_seconds_though_cut_off()
    {
        await using var network = await TestNetwork.MakeAsync(cutsServer: [false]);
        await using var bench = await FleetBench.StartAsync(
            """{ "version": "1", "default": "allow" }""", network.Server, network.Database);
        await using var near = await bench.StartAsMemberAsync("not cut off");
        await using var apart = await bench.StartAsMemberAsync(
            "cut off from the database", network.Places[0].Place, network.Database);
        foreach (var cut in (Partition[])[Partition.LinkDown, Partition.RepliesLost])
        {
            var grant = await TestGrant.MakeAsync(near.Process, $"bot-{cut}");
            var bot = new Agent(apart.Process.Client(grant.Token), "any", apart.History);
            await Soon.UntilAsync(async () => await bot.CallAsync() == CallOutcome.Admitted, "the grant is known");

            await network.Places[0].CutAsync(cut);
            Assert.Equal(CallOutcome.Admitted, await bot.CallAsync());
            await grant.RevokeAsync();
            var served = await ServedAsync(bot, TimeProvider.System.GetTimestamp());
            output.WriteLine($"{cut}: the last call let through began {served.TotalSeconds:F1} s after the revocation");
            Assert.InRange(served, TimeSpan.Zero, AtMost);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await apart.ReadinessAsync());

            await network.Places[0].HealAsync(cut);
            var other = apart.Agent("any");
            await Soon.UntilAsync(async () => await other.CallAsync() == CallOutcome.Admitted, "others are served");
            Assert.Equal(CallOutcome.Refused, await bot.CallAsync());
        }

        output.WriteLine($"{apart.History}");
    }

    /// <summary>When the last call that was let through began; looked for until twice the bound is over.</summary>
    private static async Task<TimeSpan> ServedAsync(Agent bot, long revokedAt)
    {
        using var pace = new PeriodicTimer(Pace);
        var (began, last) = (TimeSpan.Zero, TimeSpan.Zero);
        while (began < 2 * AtMost)
        {
            began = TimeProvider.System.GetElapsedTime(revokedAt);
            if (await bot.CallAsync() == CallOutcome.Admitted)
                last = began;
            await pace.WaitForNextTickAsync();
        }

        return last;
    }
}
