using System.Diagnostics.CodeAnalysis;

namespace Gateway.Fleet.Tests;

/// <summary>A database, a recording server, and gateways as processes of their own that share the database.</summary>
internal sealed class FleetBench : IAsyncDisposable
{
    public const string AdminKey = "test-admin-key-0123456789";
    private const string Loopback = "127.0.0.1";
    private readonly TestFolder _folder = new("gateway-fleet-");
    private readonly string _policy;
    private string _config;
    private int _started;

    private FleetBench(PostgresCluster database, RecordingServer server, string policy)
    {
        (Database, Server, _policy) = (database, server, policy);
        Configure("");
    }

    public PostgresCluster Database { get; }

    public RecordingServer Server { get; }

    /// <param name="policy">The policy of the tests' grants.</param>
    /// <param name="server">The address of the recording server.</param>
    /// <param name="database">An address of the database besides loopback.</param>
    public static async Task<FleetBench> StartAsync(
        string policy, string server = Loopback, string? database = null) =>
        new(await PostgresCluster.StartNewAsync(database), await RecordingServer.StartAsync(server), policy);

    /// <summary>Writes the configuration of the gateways that are started from now on.</summary>
    /// <param name="more">Further members, each after a comma.</param>
    [MemberNotNull(nameof(_config))]
    public void Configure(string more) => _config = TestConfig.Write(
        _folder.Path, Server.Url, _policy, $$""", "admin": { "key": "{{AdminKey}}" } {{more}}""");

    public async Task<GatewayProcess> StartGatewayAsync() => (await StartAsMemberAsync("gateway")).Process;

    /// <param name="name">What the summary calls it.</param>
    /// <param name="place">Where it runs; null: as any process of this machine.</param>
    /// <param name="database">The address at which it finds the database.</param>
    /// <param name="more">Further options of it.</param>
    public async Task<FleetMember> StartAsMemberAsync(
        string name, GatewayPlace? place = null, string database = Loopback, params string[] more)
    {
        var data = Path.Combine(_folder.Path, $"data-{Interlocked.Increment(ref _started)}");
        var store = Database.Url(host: database);
        string[] options = ["--store", store, .. more];
        return new FleetMember(
            name, await GatewayProcess.StartAsync(place ?? new GatewayPlace(), _config, data, options), data);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Database.DisposeAsync();
        _folder.Dispose();
    }
}
