using System.Diagnostics.CodeAnalysis;

namespace Gateway.Fleet.Tests;

/// <summary>A database, a recording server, and gateways as processes of their own that share the database.</summary>
internal class FleetBench : IAsyncDisposable
{
    public const string AdminKey = "test-admin-key-0123456789";
    private const string Loopback = "127.0.0.1";
    private readonly TestFolder _folder = new("gateway-fleet-");
    private readonly string _policy;
    private string _config;
    private int _started;

    private readonly PostgresCluster? _database;

    /// <param name="database">What is shared; null where that is something else.</param>
    /// <param name="server">What agents call.</param>
    /// <param name="policy">The policy of the tests' grants.</param>
    protected FleetBench(PostgresCluster? database, RecordingServer server, string policy)
    {
        (_database, Server, _policy) = (database, server, policy);
        Configure("");
    }

    public PostgresCluster Database => _database ?? throw new InvalidOperationException("There is no database.");

    public RecordingServer Server { get; }

    /// <summary>The configuration file of the gateways that are started from now on.</summary>
    public string ConfigPath => _config;

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
        return await StartAsync(name, place, database, NextData(), more);
    }

    /// <summary>Starts one with a configuration file of its own: this bench's with one text replaced.</summary>
    public async Task<(FleetMember Member, string Config)> StartDifferentlyAsync(string name, string old, string now)
    {
        var number = Interlocked.Increment(ref _started);
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, $"config-{number}")).FullName;
        var config = Path.Combine(folder, "gateway.json");
        var text = await File.ReadAllTextAsync(_config);
        await File.WriteAllTextAsync(config, text.Replace(old, now, StringComparison.Ordinal));
        var data = Path.Combine(_folder.Path, $"data-{number}");
        var process = await StartProcessAsync(new GatewayPlace(), Loopback, ["--config", config, "--data", data]);
        return (new FleetMember(name, process, data), config);
    }

    /// <summary>Starts one of another release.</summary>
    /// <param name="program">Its executable or assembly.</param>
    public async Task<GatewayProcess> StartProgramAsync(string program)
    {
        return await GatewayProcess.StartFrontendAsync(new GatewayPlace(), program,
            ["run", "--config", _config, "--data", NextData(), "--store", Database.Url(host: Loopback)]);
    }

    /// <summary>Starts one again, with the data that it left.</summary>
    public Task<FleetMember> StartAgainAsync(FleetMember gone) =>
        StartAsync(gone.Name, place: null, Loopback, gone.Data, []);

    private async Task<FleetMember> StartAsync(
        string name, GatewayPlace? place, string database, string data, string[] more)
    {
        string[] options = ["--config", _config, "--data", data, .. more];
        return new FleetMember(name, await StartProcessAsync(place ?? new GatewayPlace(), database, options), data);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The data folder of the gateway that is started next.</summary>
    protected virtual string NextData() => Path.Combine(_folder.Path, $"data-{Interlocked.Increment(ref _started)}");

    /// <summary>Starts one gateway that shares what this fleet shares.</summary>
    protected virtual Task<GatewayProcess> StartProcessAsync(
        GatewayPlace place, string database, IReadOnlyList<string> options) =>
        GatewayProcess.StartAsync(place, ["--store", Database.Url(host: database), .. options]);
}
