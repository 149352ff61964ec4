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
        await using var first = await _bench.StartAsMemberAsync("first");
        await using var second = await _bench.StartAsMemberAsync("second");
        await using var third = await _bench.StartAsMemberAsync("third");

        await ExhaustAsync("small", first, second, third);
        await ExhaustAsync("large", first, second, third);

        Print(first, second, third);
        Assert.Equal(SmallMax, Seen("small"));
        Assert.Equal(LargeMax, Seen("large"));
        _bench.Server.AssertNoCallTwice();
    }

    [ClusterFact]
    public async Task Never_more_than_max_whatever_is_killed_paused_or_stopped()
    {
        await using var first = await _bench.StartAsMemberAsync("paused");
        await using var second = await _bench.StartAsMemberAsync("undisturbed");
        await using var victim = await _bench.StartAsMemberAsync("killed");
        await DisturbAsync(first, second, victim);

        await using var late = await _bench.StartAsMemberAsync("late");
        await ExhaustAsync("small", first, second, late);
        await ExhaustAsync("large", first, second, late);

        Print(first, second, victim, late);
        Assert.InRange(Seen("small"), 1, SmallMax);
        // Each fault may waste what was under way: a call of every agent, and the needs of one write.
        Assert.InRange(Seen("large"), LargeMax - 3 * 2 * 3 * AgentsPerGateway, LargeMax);
        _bench.Server.AssertNoCallTwice();
    }

    private async Task DisturbAsync(FleetMember first, FleetMember second, FleetMember victim)
    {
        using var stop = new CancellationTokenSource();
        var agents = new[] { first, second, victim }.SelectMany(Agents).ToList();
        var running = agents.Select(agent => agent.FireAsync(stop.Token)).ToList();
        await _bench.Server.ReachAsync(LargeMax / 10);
        first.Process.Pause();
        await _bench.Server.ReachAsync(LargeMax / 5);
        await victim.Process.KillAsync();
        first.Process.Resume();
        await _bench.Server.ReachAsync(LargeMax / 3);
        await _bench.Database.StopAsync("immediate");
        await _bench.Database.StartAsync();
        await stop.CancelAsync();
        await Task.WhenAll(running);
    }

    private static IEnumerable<Agent> Agents(FleetMember gateway) =>
        Enumerable.Range(0, AgentsPerGateway).Select(i => gateway.Agent(i == 0 ? "small" : "large"));

    private static Task ExhaustAsync(string tool, params FleetMember[] gateways) =>
        Task.WhenAll(gateways.SelectMany(gateway => Enumerable.Range(0, AgentsPerGateway)
            .Select(_ => gateway.Agent(tool).ExhaustAsync(2 * LargeMax))));

    private int Seen(string tool) => _bench.Server.Seen(tool);

    private void Print(params FleetMember[] gateways)
    {
        foreach (var gateway in gateways)
            output.WriteLine($"{gateway.History}");
        foreach (var (tool, max) in ((string, int)[])[("small", SmallMax), ("large", LargeMax)])
            output.WriteLine($"{tool}: {Seen(tool)} of {max} reached the server, {max - Seen(tool)} wasted");
    }
}
