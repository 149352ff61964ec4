namespace Gateway.Cluster.Tests.Clocks;

/// <summary>A silo whose clock is wrong, among two whose clocks are right, while agents call many counters.</summary>
public sealed class SiloClockTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Trait("run", "full")]
    [ClockFact]
    public async Task A_silo_whose_clock_goes_wrong_hands_over_and_leaves_and_comes_back_when_it_is_right()
    {
        using var folder = new TestFolder();
        var clock = new MovableClock(folder);
        await using var fleet = await SiloFleet.StartAsync(silos: 2);
        fleet.Environment = clock.Environment;
        var silo = (await fleet.AddSilosAsync(1))[0];
        var calls = new SteadyCalls(fleet, await fleet.LimiterAsync());
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var running = calls.RunAsync(stop.Token);

        foreach (var offset in new[] { "+2", "-2", "+60", "-60" })
        {
            await SeeAsync(calls, "before", seconds: 3);
            clock.Move(offset);
            await SeeAsync(calls, $"{offset} s, the first three seconds", seconds: 3);
            await UntilAsync(silo, () => WaitsAsync(silo));
            var metrics = await silo.GetAsync("/metrics");
            Assert.Contains("gateway_fault{cause=\"clock\"} 1", metrics, StringComparison.Ordinal);
            var denied = await SeeAsync(calls, $"{offset} s, once it left", seconds: 4);
            Assert.Equal(0, denied);
            clock.Move("+0");
            await UntilAsync(silo, silo.IsReadyAsync);
        }

        await stop.CancelAsync();
        await running;
    }

    [ClockFact]
    public async Task A_silo_that_starts_with_a_wrong_clock_takes_no_counter_and_ends()
    {
        await using var fleet = await SiloFleet.StartAsync(silos: 2);
        fleet.Environment = FakeTime.Shift("+2");
        var silo = fleet.Start("silo");
        var calls = new SteadyCalls(fleet, await fleet.LimiterAsync());
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var running = calls.RunAsync(stop.Token);

        await UntilAsync(silo, () => WaitsAsync(silo));
        Assert.Equal(0, await SeeAsync(calls, "a silo waits at its start, +2 s", seconds: 5));
        await stop.CancelAsync();
        await running;
        await UntilAsync(silo, () => Task.FromResult(silo.HasEnded));
        const string Said = "gateway-cluster stops: the clock of this node is 2.0 s ahead";
        await UntilAsync(silo, () => Task.FromResult(silo.Log.Contains(Said, StringComparison.Ordinal)));
    }

    [Trait("run", "full")]
    [ClockFact]
    public async Task A_process_of_both_roles_whose_clock_is_wrong_does_not_join_or_leaves_and_comes_back()
    {
        using var folder = new TestFolder();
        var clock = new MovableClock(folder);
        await using var fleet = await SiloFleet.StartAsync(silos: 2);
        fleet.Environment = clock.Environment;
        clock.Move("+2");
        var all = fleet.Start(
            "all", "--listen", $"http://127.0.0.1:{Ports.Free()}", "--data", Path.Combine(folder.Path, "data"));
        var calls = new SteadyCalls(fleet, await fleet.LimiterAsync());
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var running = calls.RunAsync(stop.Token);

        await UntilAsync(all, () => WaitsAsync(all));
        clock.Move("+0");
        await UntilAsync(all, all.IsReadyAsync);
        foreach (var offset in new[] { "+2", "-60" })
        {
            clock.Move(offset);
            await SeeAsync(calls, $"both roles, {offset} s, the first three seconds", seconds: 3);
            await UntilAsync(all, () => WaitsAsync(all));
            var metrics = await all.GetAsync("/metrics");
            Assert.Contains("gateway_fault{cause=\"clock\"} 1", metrics, StringComparison.Ordinal);
            Assert.Contains("not ready: the clock of this node", await all.SayAsync("/mcp/srv"), default);
            Assert.Equal(0, await SeeAsync(calls, $"both roles, {offset} s, once it left", seconds: 4));
            clock.Move("+0");
            await UntilAsync(all, all.IsReadyAsync);
        }

        await stop.CancelAsync();
        await running;
    }

    [Trait("run", "full")]
    [ClockFact]
    public async Task Nobody_leaves_where_the_clock_is_off_by_less_than_a_second()
    {
        using var folder = new TestFolder();
        var clock = new MovableClock(folder);
        await using var fleet = await SiloFleet.StartAsync(silos: 2);
        fleet.Environment = clock.Environment;
        var silo = (await fleet.AddSilosAsync(1))[0];
        var calls = new SteadyCalls(fleet, await fleet.LimiterAsync());
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var running = calls.RunAsync(stop.Token);
        await SeeAsync(calls, "before", seconds: 8);

        foreach (var offset in new[] { "+0.2", "-0.2", "+0.9", "-0.9" })
        {
            clock.Move(offset);
            Assert.Equal(0, await SeeAsync(calls, $"{offset} s", seconds: 8));
            Assert.True(await silo.IsReadyAsync(), silo.Log);
            clock.Move("+0");
            await SeeAsync(calls, "after", seconds: 3);
        }

        await stop.CancelAsync();
        await running;
    }

    private static async Task<bool> WaitsAsync(ClusterProcess silo) =>
        (await SayAsync(silo)).Contains("not ready: the clock of this node", StringComparison.Ordinal);

    private static async Task<string> SayAsync(ClusterProcess silo)
    {
        try
        {
            return await silo.SayAsync("/readyz");
        }
        catch (Exception e) when (e is HttpRequestException or InvalidOperationException or TaskCanceledException)
        {
            return "";
        }
    }

    private static async Task UntilAsync(ClusterProcess silo, Func<Task<bool>> isSo)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!await isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"{await SayAsync(silo)}\n{silo.Log}");
            await timer.WaitForNextTickAsync();
        }
    }

    private async Task<int> SeeAsync(SteadyCalls calls, string when, int seconds)
    {
        calls.Take();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(seconds));
        await timer.WaitForNextTickAsync();
        var denied = 0;
        foreach (var seen in calls.Take())
        {
            denied += seen.Denied;
            // A hundredth: a machine that stalls, not a clock, which cost a fifth of the calls and more.
            if (seen.Unanswered > seen.Calls / 100) denied += seen.Unanswered;
            output.WriteLine($"{when}: {seen.Kind}: {seen.Denied} of {seen.Calls} denied, {seen.Unanswered} not "
                + $"answered, at most {seen.SlowestMs} ms"
                + (seen.Reasons.Length > 0 ? $"; {seen.Reasons}" : ""));
        }

        return denied;
    }
}
