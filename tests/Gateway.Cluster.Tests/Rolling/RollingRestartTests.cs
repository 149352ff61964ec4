namespace Gateway.Cluster.Tests.Rolling;

/// <summary>
/// Every process of a fleet is replaced while agents call; what reached the server is counted there. With
/// <c>GATEWAY_CLUSTER_BEFORE</c>, the gateway-cluster.dll of an older version, the fleet begins with that one, is
/// upgraded to this one, and rolled back.
/// </summary>
public sealed class RollingRestartTests(ITestOutputHelper output)
{
    private static readonly string? Before = Environment.GetEnvironmentVariable("GATEWAY_CLUSTER_BEFORE");
    private static readonly int Max = Before is null ? 10_000 : 40_000;

    [ClusterFact]
    public async Task No_call_too_many_reaches_the_server_while_every_process_is_replaced()
    {
        using var folder = new TestFolder();
        await using var server = await RecordingServer.StartAsync();
        await using var fleet = await SiloFleet.StartAsync(silos: 0);
        using var agents = new AgentCrowd(server);
        var config = AgentConfig.Write(folder.Path, server.Url, Max);

        fleet.Program = Before;
        await fleet.AddSilosAsync(2);
        var frontends = await FrontendsAsync(fleet, folder.Path, config, 1, 2);
        agents.Use([.. frontends.Select(frontend => frontend.Address)]);
        agents.Start();
        await agents.ReachAsync(200);
        fleet.Program = null;
        frontends = await ReplaceAsync(fleet, agents, frontends, FrontendsAsync(fleet, folder.Path, config, 3, 4));
        if (Before is not null)
        {
            output.WriteLine($"{server.Requests.Count} calls when all were of this version");
            fleet.Program = Before;
            await ReplaceAsync(fleet, agents, frontends, FrontendsAsync(fleet, folder.Path, config, 5, 6));
            output.WriteLine($"{server.Requests.Count} calls when all were of the older one again");
        }

        await agents.RunDryAsync();

        var calls = server.Requests.Select(request => request.Headers["Policy-Gateway-Call"]).ToList();
        output.WriteLine($"{calls.Count} of {Max} reached the server");
        output.WriteLine($"{agents.Unanswered} unanswered, {agents.Unavailable} without an owner");
        Assert.Equal(calls.Count, calls.Distinct().Count());
        Assert.InRange(calls.Count, Max - (Max / 20), Max);
    }

    /// <returns>The frontends that are there now.</returns>
    private static async Task<ClusterProcess[]> ReplaceAsync(
        SiloFleet fleet, AgentCrowd agents, ClusterProcess[] frontends, Task<ClusterProcess[]> starting)
    {
        var next = await starting;
        agents.Use([.. next.Select(frontend => frontend.Address)]);
        foreach (var old in frontends) await old.StopAsync();
        var silos = fleet.Silos.Where(static silo => !silo.HasEnded).ToList();
        await fleet.AddSilosAsync(2);
        foreach (var old in silos) await old.StopAsync();
        return next;
    }

    private static async Task<ClusterProcess[]> FrontendsAsync(
        SiloFleet fleet, string folder, string config, params int[] numbers) =>
        await Task.WhenAll(numbers.Select(number => fleet.StartReadyAsync(
            "frontend", "--config", config, "--data", Path.Combine(folder, $"data-{number}"),
            "--listen", "http://127.0.0.1:0")));
}
