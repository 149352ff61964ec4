namespace Gateway.Cluster.Tests.Rolling;

/// <summary>Every process of a fleet is replaced while agents call; what reached the server is counted there.</summary>
public sealed class RollingRestartTests(ITestOutputHelper output)
{
    private const int Max = 10_000;

    [ClusterFact]
    public async Task No_call_too_many_reaches_the_server_while_every_process_is_replaced()
    {
        using var folder = new TestFolder();
        await using var server = await RecordingServer.StartAsync();
        await using var fleet = await SiloFleet.StartAsync(silos: 2);
        using var agents = new AgentCrowd(server);
        var config = AgentConfig.Write(folder.Path, server.Url, Max);
        var first = await FrontendsAsync(fleet, folder.Path, config, 1, 2);

        agents.Use([.. first.Select(frontend => frontend.Address)]);
        agents.Start();
        await agents.ReachAsync(200);
        var second = await FrontendsAsync(fleet, folder.Path, config, 3, 4);
        agents.Use([.. second.Select(frontend => frontend.Address)]);
        foreach (var old in first) await old.StopAsync();
        var oldSilos = fleet.Silos;
        await fleet.AddSilosAsync(2);
        foreach (var old in oldSilos) await old.StopAsync();
        await agents.RunDryAsync();

        var calls = server.Requests.Select(request => request.Headers["Policy-Gateway-Call"]).ToList();
        output.WriteLine($"{calls.Count} of {Max} reached the server");
        output.WriteLine($"{agents.Unanswered} unanswered, {agents.Unavailable} without an owner");
        Assert.Equal(calls.Count, calls.Distinct().Count());
        Assert.InRange(calls.Count, Max - (Max / 20), Max);
    }

    private static async Task<ClusterProcess[]> FrontendsAsync(
        SiloFleet fleet, string folder, string config, params int[] numbers) =>
        await Task.WhenAll(numbers.Select(number => fleet.StartReadyAsync(
            "frontend", "--config", config, "--data", Path.Combine(folder, $"data-{number}"),
            "--listen", "http://127.0.0.1:0")));
}
