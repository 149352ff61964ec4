using System.Text.Json.Nodes;
using Gateway.LoadTests.Processes;
using Gateway.LoadTests.Scenarios;
using Gateway.TestHarness.Postgres;

namespace Gateway.LoadTests.Limiters;

/// <summary>This gateway: one over its journal, or two over one database, the second with its clock ahead.</summary>
internal sealed class GatewaySide : ILimiterSide
{
    private readonly TestFolder _folder = new("limiters-gateway-");
    private readonly List<GatewayProcess> _gateways = [];
    private readonly string _program;
    private readonly string? _store;

    private GatewaySide(string name, string program, string? store) =>
        (Name, _program, _store) = (name, program, store);

    public string Name { get; }

    public IReadOnlyList<IPEndPoint> Targets => [.. _gateways.Select(static gateway => gateway.Address)];

    public TimeSpan CpuTime => _gateways.Aggregate(
        TimeSpan.Zero, static (sum, gateway) => sum + gateway.CpuTime);

    /// <summary>Starts one over its journal.</summary>
    public static Task<GatewaySide> StartAsync(
        LimitersOptions options, Uri server, CancellationToken cancellationToken) =>
        StartAsync("gateway, its journal", options, store: null, server, [null], cancellationToken);

    /// <summary>Starts two over a database, the second with its clock ahead.</summary>
    public static Task<GatewaySide> StartPairAsync(
        LimitersOptions options, Uri server, CancellationToken cancellationToken) =>
        StartAsync(
            "2 gateways, PostgreSQL", options, options.Postgres, server,
            [null, FakeTime.Shift(FormattableString.Invariant($"+{options.AheadSeconds}")).ToDictionary()],
            cancellationToken);

    public async Task KillAsync(CancellationToken cancellationToken)
    {
        var old = _gateways[0];
        old.Kill();
        old.Dispose();
        _gateways[0] = await StartOneAsync(0, old.Address.Port, null, cancellationToken);
    }

    public void Dispose()
    {
        foreach (var gateway in _gateways)
            gateway.Dispose();
        _folder.Dispose();
    }

    private static async Task<GatewaySide> StartAsync(
        string name, LimitersOptions options, string? store, Uri server,
        IReadOnlyList<Dictionary<string, string>?> environments, CancellationToken cancellationToken)
    {
        var side = new GatewaySide(name, Tools.Gateway(options.Gateway), store);
        try
        {
            side._folder.File("gateway.json", Config(options, server));
            for (var i = 0; i < environments.Count; i++)
                side._gateways.Add(await side.StartOneAsync(i, 0, environments[i], cancellationToken));
            return side;
        }
        catch
        {
            side.Dispose();
            throw;
        }
    }

    private Task<GatewayProcess> StartOneAsync(
        int index, int port, Dictionary<string, string>? environment, CancellationToken cancellationToken) =>
        GatewayProcess.StartAsync(
            _program, Path.Combine(_folder.Path, "gateway.json"), Path.Combine(_folder.Path, $"data-{index}"),
            _store is null ? [] : ["--store", _store], port, cancellationToken, environment,
            mayBeUnready: environment is not null);

    private static string Config(LimitersOptions options, Uri server)
    {
        var grants = new JsonObject { ["speed"] = Grant("speed", LimiterToken.Speed) };
        // Each run has its own name, because a shared store still contains the counters of earlier runs.
        var run = Guid.NewGuid().ToString("n")[..8];
        foreach (var token in LimiterToken.Limited)
            grants[$"{token}-{run}"] = Grant("limited", token);
        return new JsonObject
        {
            ["servers"] = new JsonObject { [ScenarioBench.Server] = new JsonObject { ["url"] = server.ToString() } },
            ["policies"] = new JsonObject
            {
                ["speed"] = ScenarioBench.Policy(LimiterToken.SpeedMax, "day"),
                ["limited"] = ScenarioBench.Policy(options.Max, $"{options.WindowSeconds}s"),
            },
            ["grants"] = grants,
        }.ToJsonString();
    }

    private static JsonObject Grant(string policy, string token) => new()
    {
        ["server"] = ScenarioBench.Server,
        ["policy"] = policy,
        ["token"] = token,
    };
}
