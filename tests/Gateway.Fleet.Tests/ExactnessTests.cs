using Gateway.Postgres.Tests.Clusters;
using Gateway.Server.Tests.Fixtures;
using Xunit.Abstractions;

namespace Gateway.Fleet.Tests;

/// <summary>
/// Three gateways over one database, one small and one large limit, while they are killed and paused and the database
/// is stopped. The recording server behind them is the truth.
/// </summary>
public sealed class ExactnessTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int SmallMax = 30;
    private const int LargeMax = 1500;
    private const int AgentsPerGateway = 4;

    private FleetBench _bench = null!;

    public async Task InitializeAsync()
    {
        if (PostgresBinaries.Folder is null)
            return;
        _bench = await FleetBench.StartAsync($$"""
            { "version": "1", "default": "deny",
              "tools": {
                "small": { "limits": [ { "counter": "small", "window": "month", "max": {{SmallMax}} } ] },
                "large": { "limits": [ { "counter": "large", "window": "month", "max": {{LargeMax}} } ] } } }
            """);
    }

    public async Task DisposeAsync()
    {
        if (_bench is not null)
            await _bench.DisposeAsync();
    }

    [ClusterFact]
    public async Task Three_gateways_admit_as_much_as_one_would()
    {
        await using var first = await _bench.StartGatewayAsync();
        await using var second = await _bench.StartGatewayAsync();
        await using var third = await _bench.StartGatewayAsync();

        await ExhaustAsync("small", first, second, third);
        await ExhaustAsync("large", first, second, third);

        Assert.Equal(SmallMax, Seen("small"));
        Assert.Equal(LargeMax, Seen("large"));
        AssertNoCallTwice();
    }

    [ClusterFact]
    public async Task Never_more_than_max_whatever_is_killed_paused_or_stopped()
    {
        await using var first = await _bench.StartGatewayAsync();
        await using var second = await _bench.StartGatewayAsync();
        await using (var victim = await _bench.StartGatewayAsync())
        {
            using var stop = new CancellationTokenSource();
            var agents = new[] { first, second, victim }.SelectMany(Agents).ToList();
            var running = agents.Select(agent => agent.FireAsync(stop.Token)).ToList();
            await ReachAsync(LargeMax / 10);
            first.Pause();
            await ReachAsync(LargeMax / 5);
            await victim.KillAsync();
            first.Resume();
            await ReachAsync(LargeMax / 3);
            await _bench.Database.StopAsync("immediate");
            await _bench.Database.StartAsync();
            await stop.CancelAsync();
            await Task.WhenAll(running);
        }

        await using var late = await _bench.StartGatewayAsync();
        await ExhaustAsync("small", first, second, late);
        await ExhaustAsync("large", first, second, late);

        var (small, large) = (Seen("small"), Seen("large"));
        output.WriteLine($"small {small} of {SmallMax}, large {large} of {LargeMax} reached the server");
        Assert.InRange(small, 1, SmallMax);
        // Each fault may waste what was under way: a call of every agent, and the needs of one write.
        Assert.InRange(large, LargeMax - 3 * 2 * 3 * AgentsPerGateway, LargeMax);
        AssertNoCallTwice();
    }

    private static IEnumerable<Agent> Agents(GatewayProcess gateway) =>
        Enumerable.Range(0, AgentsPerGateway).Select(i => new Agent(gateway.Client(), i == 0 ? "small" : "large"));

    private static Task ExhaustAsync(string tool, params GatewayProcess[] gateways) =>
        Task.WhenAll(gateways.SelectMany(gateway => Enumerable.Range(0, AgentsPerGateway)
            .Select(_ => new Agent(gateway.Client(), tool).ExhaustAsync(2 * LargeMax))));

    /// <summary>Returns once so many calls have reached the server, so that a fault falls amid the load.</summary>
    private async Task ReachAsync(int calls)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var i = 0; i < 6000 && _bench.Server.Requests.Count < calls; i++)
            await timer.WaitForNextTickAsync();
    }

    private int Seen(string tool) => _bench.Server.Requests.Count(
        request => request.Text.Contains($"\"name\":\"{tool}\"", StringComparison.Ordinal));

    private void AssertNoCallTwice()
    {
        var calls = _bench.Server.Requests.Select(request => request.Headers["Policy-Gateway-Call"]).ToList();
        Assert.Equal(calls.Count, calls.Distinct().Count());
    }
}
