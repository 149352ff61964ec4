using Gateway.Fleet.Tests;

namespace Gateway.Cluster.Tests.Azure;

/// <summary>
/// Frontends that keep what they share in the grains of a silo, over an emulated account of Azure Storage.
/// </summary>
internal sealed class GrainsBench : FleetBench
{
    private readonly SiloFleet _fleet;

    private GrainsBench(SiloFleet fleet, RecordingServer server, string policy)
        : base(null, server, policy) => _fleet = fleet;

    public static async Task<FleetBench> StartAsync(string policy) => new GrainsBench(
        await SiloFleet.StartOnAzureAsync(silos: 1), await RecordingServer.StartAsync(), policy);

    /// <summary>Kills the only silo and starts another in its place.</summary>
    public async Task ReplaceSiloAsync()
    {
        await _fleet.Silos[^1].KillAsync();
        await _fleet.AddSilosAsync(1);
    }

    public override async ValueTask DisposeAsync()
    {
        await _fleet.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override async Task<GatewayProcess> StartProcessAsync(
        GatewayPlace place, string database, IReadOnlyList<string> options)
    {
        var frontend = await GatewayProcess.StartFrontendAsync(
            place,
            Programs.Cluster,
            ["--role", "frontend", "--silo-port", $"{Ports.Free()}", .. _fleet.Membership, .. options]);
        using var client = frontend.Client();
        await Soon.UntilAsync(
            async () =>
            {
                using var answer = await client.GetAsync(new Uri(frontend.Address, "/readyz"));
                return answer.IsSuccessStatusCode;
            },
            "the frontend is ready");
        return frontend;
    }
}
