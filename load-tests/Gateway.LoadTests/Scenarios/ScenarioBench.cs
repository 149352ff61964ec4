using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.LoadTests.Generating;
using Gateway.LoadTests.Processes;
using Gateway.LoadTests.Upstreams;

namespace Gateway.LoadTests.Scenarios;

/// <summary>Gateways over one counting server, in a temporary folder.</summary>
internal sealed class ScenarioBench : IAsyncDisposable
{
    public const string Tool = "emitir_factura";
    public const string Server = "afip";

    /// <summary>The key of the admin API.</summary>
    public const string AdminKey = "load-test-admin-key-0123456789";

    private readonly string _program;
    private readonly string? _store;
    private readonly string[] _more;
    private readonly TestFolder _folder = new("gateway-load-");
    private readonly List<GatewayProcess> _gateways = [];
    private readonly List<string> _data = [];

    private ScenarioBench(ScenarioOptions options, CountingServer server)
    {
        (_program, _store) = (Tools.Gateway(options.Before ?? options.Gateway), options.Postgres);
        _more = [.. options.IsInline ? ["--io", "inline"] : Array.Empty<string>(), .. options.More];
        Counting = server;
    }

    public CountingServer Counting { get; }

    public IReadOnlyList<GatewayProcess> Gateways => _gateways;

    public IReadOnlyList<IPEndPoint> Targets => [.. _gateways.Select(static gateway => gateway.Address)];

    public IReadOnlyList<string> DataDirectories => _data;

    /// <summary>Starts the server and one gateway, or several if they share a store.</summary>
    /// <remarks>The gateways are of the older version if the options name one.</remarks>
    public static async Task<ScenarioBench> StartAsync(
        ScenarioOptions options, JsonObject policy, int grants = 1, int gateways = 1, int eventsPerStream = 10)
    {
        var bench = new ScenarioBench(options, await CountingServer.StartAsync(eventsPerStream));
        await File.WriteAllTextAsync(bench.ConfigPath, bench.Config(policy, grants));
        for (var i = 0; i < gateways; i++)
        {
            bench._data.Add(Path.Combine(bench._folder.Path, $"data-{i}"));
            bench._gateways.Add(await bench.StartGatewayAsync(bench._program, i, port: 0));
        }

        return bench;
    }

    /// <summary>Returns a policy with one limit on every tool.</summary>
    public static JsonObject Policy(long max, string window) => Policy(Limit("calls", max, window));

    /// <summary>Returns a policy with these limits on every tool.</summary>
    public static JsonObject Policy(params JsonObject[] limits) => new()
    {
        ["version"] = "1",
        ["default"] = "deny",
        ["tools"] = new JsonObject { ["*"] = new JsonObject { ["limits"] = new JsonArray([.. limits]) } },
    };

    public static JsonObject Limit(string counter, long max, string window) =>
        new() { ["counter"] = counter, ["max"] = max, ["window"] = window };

    /// <summary>Returns the whole HTTP request of a grant's call.</summary>
    public static byte[] Request(int grant = 0, string tool = Tool) =>
        CallRequest.Post(Server, Token(grant), CallRequest.Body(tool));

    /// <summary>Returns the tokens of that many grants.</summary>
    public static string[] Tokens(int grants) => [.. Enumerable.Range(0, grants).Select(Token)];

    /// <summary>Ends one gateway, in order or at once, and starts it again at its place.</summary>
    public async Task RestartAsync(int index, bool isKilled)
    {
        var old = _gateways[index];
        if (isKilled)
            old.Kill();
        else
            await old.StopAsync();
        await StartInPlaceAsync(index, _program);
    }

    /// <summary>Ends one gateway in order, and starts another program over its data.</summary>
    public async Task ReplaceAsync(int index, string program)
    {
        await _gateways[index].StopAsync();
        await StartInPlaceAsync(index, program);
    }

    /// <summary>Ends the gateways, so that all records are written, and compares them with the server's.</summary>
    public async Task<ExactnessReport> CheckAsync()
    {
        foreach (var gateway in _gateways)
            await gateway.StopAsync();
        return ExactnessCheck.Of(Counting.Seen, _data);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _gateways)
            gateway.Dispose();
        await Counting.DisposeAsync();
        _folder.Dispose();
    }

    private string ConfigPath => Path.Combine(_folder.Path, "gateway.json");

    private static string Token(int grant) => $"load-test-token-{grant:D8}";

    private async Task StartInPlaceAsync(int index, string program)
    {
        var old = _gateways[index];
        old.Dispose();
        _gateways[index] = await StartGatewayAsync(program, index, old.Address.Port);
    }

    private Task<GatewayProcess> StartGatewayAsync(string program, int index, int port)
    {
        string[] store = _store is null ? [] : ["--store", _store];
        return GatewayProcess.StartAsync(
            program, ConfigPath, _data[index], [.. _more, .. store], port, CancellationToken.None);
    }

    private string Config(JsonObject policy, int grants)
    {
        var entries = new JsonObject();
        // Each run has its own name, because a shared store still contains the counters of earlier runs.
        var run = Guid.NewGuid().ToString("n")[..8];
        for (var i = 0; i < grants; i++)
            entries[$"agent-{run}-{i}"] = new JsonObject
            {
                ["server"] = Server,
                ["policy"] = "load",
                ["token"] = Token(i),
            };
        return new JsonObject
        {
            ["admin"] = new JsonObject { ["key"] = AdminKey },
            ["servers"] = new JsonObject { [Server] = new JsonObject { ["url"] = Counting.Url.ToString() } },
            ["policies"] = new JsonObject { ["load"] = policy },
            ["grants"] = entries,
        }.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }
}
