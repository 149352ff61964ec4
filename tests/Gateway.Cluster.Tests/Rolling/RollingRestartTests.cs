namespace Gateway.Cluster.Tests.Rolling;

/// <summary>
/// Every process of a fleet is replaced while agents call. The server behind the frontends counts the calls.
/// </summary>
public sealed class RollingRestartTests(ITestOutputHelper output)
{
    [ClusterFact]
    public async Task No_call_too_many_reaches_the_server_while_every_process_is_replaced()
    {
        using var folder = new TestFolder();
        await using var server = await RecordingServer.StartAsync();
        await using var fleet = await SiloFleet.StartAsync(silos: 0);
        using var agents = new AgentCrowd(server);

        await RunAsync(fleet, server, agents, folder.Path, before: null, max: 10_000);

        Assert.InRange(server.Requests.Count, 9_500, 10_000);
    }

    /// <summary>
    /// The fleet begins with the build of the previous commit, or with the gateway-cluster.dll that
    /// <c>GATEWAY_CLUSTER_BEFORE</c> names. It is upgraded to this build, and rolled back.
    /// </summary>
    [ClusterFact]
    [Trait("run", "full")]
    public async Task An_upgrade_from_the_previous_commit_and_the_rollback_lose_no_call_and_admit_none_too_many()
    {
        var before = Environment.GetEnvironmentVariable("GATEWAY_CLUSTER_BEFORE")
            ?? await PreviousBuild.ProgramAsync("HEAD~1", "Gateway.Cluster", "gateway-cluster.dll");
        const int Max = 50_000;
        using var folder = new TestFolder();
        using var certificates = new FleetCertificates();
        await using var server = await RecordingServer.StartAsync();
        await using var fleet = await SiloFleet.StartAsync(silos: 0, certificates);
        using var agents = new AgentCrowd(server);

        await RunAsync(fleet, server, agents, folder.Path, before, Max);

        Assert.Equal(Max, server.Requests.Count);
        Assert.Equal(Max, agents.Admitted);
        Assert.Equal(0, agents.Unanswered);
        // A silo that gets little CPU may not respond within 2 s. Such a call is denied, and the agent repeats it.
        Assert.InRange(agents.Unavailable, 0, Max / 200);
    }

    private async Task RunAsync(
        SiloFleet fleet, RecordingServer server, AgentCrowd agents, string folder, string? before, int max)
    {
        var config = AgentConfig.Write(folder, server.Url, max);
        fleet.Program = before;
        await fleet.AddSilosAsync(2);
        var frontends = await FrontendsAsync(fleet, folder, config, 1, 2);
        agents.Use([.. frontends.Select(frontend => frontend.Address)]);
        agents.Start();
        await agents.ReachAsync(200);
        fleet.Program = null;
        frontends = await ReplaceAsync(fleet, agents, frontends, FrontendsAsync(fleet, folder, config, 3, 4));
        if (before is not null)
        {
            output.WriteLine($"{server.Requests.Count} calls when all were of this version");
            fleet.Program = before;
            await ReplaceAsync(fleet, agents, frontends, FrontendsAsync(fleet, folder, config, 5, 6));
            output.WriteLine($"{server.Requests.Count} calls when all were of the older one again");
            Assert.True(server.Requests.Count < max, "The limit was used up before every process was replaced.");
        }

        await agents.RunDryAsync();

        output.WriteLine($"{server.Requests.Count} of {max} reached the server, {agents.Admitted} were answered");
        output.WriteLine($"{agents.Unanswered} unanswered, {agents.Unavailable} unavailable");
        var calls = server.Requests.Select(request => request.Headers["Policy-Gateway-Call"]).ToList();
        Assert.Equal(calls.Count, calls.Distinct().Count());
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
