namespace Gateway.Fleet.Tests;

/// <summary>
/// Calls of tasks whose gateway is the only one, with its own journal: it is killed and started again with the same
/// data folder.
/// </summary>
public sealed class LocalTaskTests : KilledTaskTests
{
    [ClusterFact]
    public async Task A_waiting_call_outlives_the_kill_and_is_made_once()
    {
        var killed = await Bench.StartGatewayAsync();
        var task = await CreateAsync(killed);
        var id = await new Operator(killed).OpenRequestAsync();
        await killed.KillAsync();
        await killed.DisposeAsync();
        await using var restarted = await Bench.StartGatewayAsync();

        Assert.Equal("working", (await StateAsync(restarted, task)).GetProperty("status").GetString());
        Assert.Empty(Bench.Server.Requests);
        Assert.Equal(HttpStatusCode.OK, await new Operator(restarted).ApproveAsync(id));

        Assert.Equal("done", await EndAsync(restarted, task));
        Assert.Single(Bench.Server.Requests);
    }

    internal override async Task<FleetBench> StartBenchAsync(string policy) =>
        new LocalBench(await RecordingServer.StartAsync(), policy);

    /// <summary>Starts each gateway without a database, and with the data that the previous one left.</summary>
    private sealed class LocalBench(RecordingServer server, string policy) : FleetBench(null, server, policy)
    {
        private string? _data;

        protected override string NextData() => _data ??= base.NextData();

        protected override Task<GatewayProcess> StartProcessAsync(
            GatewayPlace place, string database, IReadOnlyList<string> options) =>
            GatewayProcess.StartAsync(place, options);
    }
}
