using Gateway.EnvoyRls.Tests.Serving;
using Gateway.Faults.Network;

namespace Gateway.Faults.Fleets;

/// <summary>A place in the fleet for one process after the other, with its own way to the database.</summary>
internal sealed class Seat(string name, string data, TcpProxy? proxy, NetworkPlace? network) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>As whatever spreads calls over a fleet allows for, before it ends a process.</summary>
    private const long OnTheirWayMs = 500;

    private GatewayProcess? _process;
    private volatile Dictionary<string, HttpClient>? _clients;
    private volatile HttpClient? _service;

    public string Name => name;

    public string Data => data;

    /// <summary>What stands between it and the database; null where it has none.</summary>
    public TcpProxy? Proxy => proxy;

    /// <summary>The part of the fleet's network that it has to itself; null where it is as any process.</summary>
    public NetworkPlace? Network => network;

    /// <summary>How a process is started here.</summary>
    public GatewayPlace Place => network?.Place ?? new GatewayPlace();

    /// <summary>What the clock of its process follows, for whoever moves it.</summary>
    public string ClockFile => data + ".clock";

    /// <summary>Whether the clock of its process can be moved while it runs.</summary>
    public bool HasMovableClock { get; set; }

    /// <summary>What runs here; null while nothing does.</summary>
    public GatewayProcess? Process => _process;

    /// <summary>Whether agents are sent here.</summary>
    public bool IsServing => _clients is not null;

    /// <summary>A client with this grant's token; null while agents are not sent here.</summary>
    public HttpClient? Client(string grant) => _clients?.GetValueOrDefault(grant);

    /// <summary>A client of the rate limit service; null while services are not sent here.</summary>
    public HttpClient? Service => _service;

    public void Seated(GatewayProcess process) => _process = process;

    /// <summary>From now on agents are sent here.</summary>
    public void Open()
    {
        var clients = new Dictionary<string, HttpClient>();
        foreach (var grant in (string[])[Workload.Main, Workload.Many, Workload.Edited])
        {
            clients[grant] = _process!.Client(FleetFiles.Token(grant));
            clients[grant].Timeout = Patience;
        }

        _clients = clients;
        if (_process!.Addresses.Count < 2)
            return;
        _service = GrpcCall.Client(_process.Addresses[1]);
        _service.Timeout = Patience;
    }

    /// <summary>From now on no agent is sent here; those that wait for an answer go on waiting.</summary>
    public void Close() => (_clients, _service) = (null, null);

    /// <summary>SIGTERM, after its agents were sent elsewhere and those on their way have arrived.</summary>
    public async Task StopAsync()
    {
        var wasServing = IsServing;
        Close();
        if (_process is null) return;
        if (wasServing) await RunClock.PassAsync(OnTheirWayMs);
        try
        {
            _process.Terminate();
        }
        catch (InvalidOperationException) when (_process.HasExited)
        {
            // A silo that was declared dead has ended itself.
        }

        await _process.WaitForExitAsync();
        await RemoveAsync();
    }

    /// <summary><c>kill -9</c>; agents go on calling until <see cref="RemoveAsync"/> is done.</summary>
    public async Task KillAsync()
    {
        await _process!.KillAsync();
        Close();
        await RemoveAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Close();
        await RemoveAsync();
        if (proxy is not null) await proxy.DisposeAsync();
    }

    private async Task RemoveAsync()
    {
        if (_process is { } process) await process.DisposeAsync();
        _process = null;
    }
}
