using Gateway.Postgres.Tests.Clusters;
using Gateway.Server.Tests.Fixtures;

namespace Gateway.Fleet.Tests;

/// <summary>A database, a recording server, and gateways as processes of their own that share the database.</summary>
internal sealed class FleetBench : IAsyncDisposable
{
    public const string AdminKey = "test-admin-key-0123456789";
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-fleet-").FullName;
    private string _config = "";
    private int _started;

    private FleetBench(TestCluster database, RecordingServer server) => (Database, Server) = (database, server);

    public TestCluster Database { get; }

    public RecordingServer Server { get; }

    public static async Task<FleetBench> StartAsync(string policy)
    {
        var bench = new FleetBench(await TestCluster.StartNewAsync(), await RecordingServer.StartAsync());
        bench._config = TestConfig.Write(
            bench._folder, bench.Server.Url, policy, $$""", "admin": { "key": "{{AdminKey}}" } """);
        return bench;
    }

    public Task<GatewayProcess> StartGatewayAsync() => GatewayProcess.StartAsync(
        _config, Path.Combine(_folder, $"data-{Interlocked.Increment(ref _started)}"), "--store", Database.Url());

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
