using Gateway.Fleet.Tests;

namespace Gateway.Cluster.Tests.Fleets;

/// <summary>A silo and its frontends, as processes of their own.</summary>
internal sealed class ClusterBench : FleetBench
{
    private readonly SiloFleet _fleet;

    private ClusterBench(SiloFleet fleet, RecordingServer server, string policy)
        : base(null, server, policy) => _fleet = fleet;

    /// <summary>Frontends that share documents in the grains of the silo, over an emulated Azure account.</summary>
    public static async Task<FleetBench> StartOnAzureAsync(string policy) => new ClusterBench(
        await SiloFleet.StartOnAzureAsync(silos: 1), await RecordingServer.StartAsync(), policy);

    /// <summary>Frontends that share documents in PostgreSQL, and count in the grains of the silo.</summary>
    public static async Task<FleetBench> StartOnPostgresAsync(string policy) => new ClusterBench(
        await SiloFleet.StartAsync(silos: 1), await RecordingServer.StartAsync(), policy);

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
