using Xunit.Abstractions;

namespace Gateway.Postgres.Tests.Clusters;

/// <summary>
/// Several processes over one database, one small and one large limit, evaluated by what the recording server received.
/// </summary>
[Collection(DatabaseCollection.Name)]
public sealed class FleetTests(SharedDatabase shared, ITestOutputHelper output)
{
    private const int Frontends = 3;

    private static readonly CounterSpec Small = new("small", 2, 20);
    private static readonly CounterSpec Large = new("large", 2, 300);

    [PostgresFact]
    public async Task Several_frontends_together_admit_exactly_the_maximum()
    {
        await using var fleet = FrontendFleet.Over(shared, takesAll: false, Small, Large);
        var frontends = await fleet.StartAsync(Frontends);
        await Soon.UntilAsync(
            () => fleet.History.Full(Small) >= 5 && fleet.History.Full(Large) >= 2, "full windows");
        await StopAsync(frontends);

        Check(fleet);
        Assert.Equal(0, fleet.History.Wasted(Small));
        Assert.Equal(0, fleet.History.Wasted(Large));
    }

    [PostgresFact]
    public async Task Killing_frontends_never_admits_more_and_wastes_no_more_than_what_they_held()
    {
        await using var fleet = FrontendFleet.Over(shared, takesAll: false, Small, Large);
        var frontends = await fleet.StartAsync(Frontends);
        const int Kills = 6;
        for (var kill = 0; kill < Kills; kill++)
        {
            var before = fleet.History.Count;
            await Soon.UntilAsync(() => fleet.History.Count > before + 10, "calls go on");
            await frontends[kill % Frontends].KillAsync();
            frontends[kill % Frontends] = await fleet.StartAsync();
        }

        await fleet.PassWindowsAsync(2);
        await StopAsync(frontends);

        Check(fleet);
        Assert.InRange(
            fleet.History.Wasted(Small) + fleet.History.Wasted(Large), 0, Kills * FrontendOptions.CallersDefault);
    }

    [Trait("run", "full")]
    [PostgresFact]
    public async Task A_frontend_that_is_paused_past_its_window_sends_nothing_of_it()
    {
        await using var fleet = FrontendFleet.Over(shared, takesAll: true, Small, Large);
        var frontends = await fleet.StartAsync(Frontends);
        for (var round = 0; round < 3; round++)
        {
            await fleet.PassWindowsAsync(1);
            frontends[round].Pause();
            await fleet.PassWindowsAsync(2);
            frontends[round].Resume();
        }

        await StopAsync(frontends);
        Check(fleet);
    }

    [Trait("run", "full")]
    [PostgresFact]
    public async Task Clocks_that_are_off_within_the_bound_never_admit_more()
    {
        await using var fleet = FrontendFleet.Over(shared, takesAll: true, Small, Large);
        FrontendProcess[] frontends =
        [
            await fleet.StartAsync(offsetMs: -ClockBounds.EpsilonMs),
            await fleet.StartAsync(),
            await fleet.StartAsync(offsetMs: ClockBounds.EpsilonMs - 50),
        ];
        await fleet.PassWindowsAsync(4);
        await StopAsync(frontends);
        Check(fleet);
    }

    [Trait("run", "full")]
    [PostgresFact]
    public async Task A_clock_that_is_far_off_admits_nothing()
    {
        await using var fleet = FrontendFleet.Over(shared, takesAll: true, Small, Large);
        var ofTheWrong = new History();
        FrontendProcess[] frontends =
        [
            await fleet.StartAsync(offsetMs: -5000, history: ofTheWrong),
            await fleet.StartAsync(offsetMs: 5000, history: ofTheWrong),
            await fleet.StartAsync(),
        ];
        await fleet.PassWindowsAsync(4);
        await StopAsync(frontends);
        Check(fleet);
        Assert.Equal(0, ofTheWrong.Count);
    }

    [Trait("run", "full")]
    [FakeTimeFact]
    public async Task A_machine_whose_time_is_wrong_admits_nothing_and_one_within_the_bound_never_more()
    {
        await using var fleet = FrontendFleet.Over(shared, takesAll: true, Small, Large);
        var ofTheWrong = new History();
        FrontendProcess[] frontends =
        [
            await fleet.StartAsync(history: ofTheWrong, environment: FakeTime.Shift("+30")),
            await fleet.StartAsync(history: ofTheWrong, environment: FakeTime.Shift("-30")),
            await fleet.StartAsync(environment: FakeTime.Shift("-0.2")),
            await fleet.StartAsync(environment: FakeTime.Shift("+0.2")),
        ];
        await fleet.PassWindowsAsync(4);
        await StopAsync(frontends);
        Check(fleet);
        Assert.Equal(0, ofTheWrong.Count);
    }

    [Trait("run", "full")]
    [ClusterFact]
    public async Task A_partition_of_one_frontend_stops_it_alone()
    {
        await using var proxy = new TcpProxy(shared.Cluster.Port);
        await using var fleet = FrontendFleet.Over(shared, takesAll: true, Small, Large);
        var apart = await fleet.StartAsync(shared.Cluster.Url(proxy.Port));
        var others = await fleet.StartAsync(2);
        await fleet.PassWindowsAsync(1);
        foreach (var mode in (ProxyMode[])[ProxyMode.LoseReplies, ProxyMode.LoseAll, ProxyMode.Refuse])
        {
            proxy.Mode = mode;
            if (mode == ProxyMode.Refuse) proxy.CutAll();
            await fleet.PassWindowsAsync(2);
            proxy.Mode = ProxyMode.Pass;
            await fleet.PassWindowsAsync(1);
        }

        await StopAsync([apart, .. others]);
        Check(fleet);
    }

    [ClusterFact]
    public async Task A_crash_of_the_database_never_admits_more_and_calls_go_on_after_it()
    {
        await using var cluster = await PostgresCluster.StartNewAsync();
        var options = new PostgresOptions { Address = PostgresAddress.Parse(cluster.Url()) };
        await using var fleet = new FrontendFleet(options, cluster.Url(), [Small, Large]);
        var frontends = await fleet.StartAsync(Frontends);
        foreach (var mode in (string[])["immediate", "fast", "immediate"])
        {
            await fleet.PassWindowsAsync(1);
            await cluster.StopAsync(mode);
            await cluster.StartAsync();
        }

        await fleet.PassWindowsAsync(2);
        await StopAsync(frontends);
        Check(fleet);
    }

    private static Task StopAsync(FrontendProcess[] frontends) =>
        Task.WhenAll(frontends.Select(frontend => frontend.StopAsync()));

    private void Check(FrontendFleet fleet)
    {
        output.WriteLine(fleet.History.Summary(fleet.Counters));
        fleet.History.AssertExact(fleet.Counters);
    }
}
