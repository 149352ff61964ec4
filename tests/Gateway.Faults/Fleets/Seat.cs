using Gateway.Faults.Network;

namespace Gateway.Faults.Fleets;

/// <summary>A place in the fleet for successive processes, with its own connection to the database.</summary>
internal sealed class Seat(string name, string data, TcpProxy? proxy, NetworkPlace? network) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>The delay before a process is ended, as a load balancer allows for calls in transit.</summary>
    private const long OnTheirWayMs = 500;

    private GatewayProcess? _process;
    private volatile Dictionary<string, HttpClient>? _clients;
    private volatile HttpClient? _service;

    public string Name => name;

    public string Data => data;

    /// <summary>The proxy between it and the database; null if there is none.</summary>
    public TcpProxy? Proxy => proxy;

    /// <summary>Its own part of the fleet's network; null if it is an ordinary process.</summary>
    public NetworkPlace? Network => network;

    /// <summary>The place where its process starts.</summary>
    public GatewayPlace Place => network?.Place ?? new GatewayPlace();

    /// <summary>The file that controls the clock of its process.</summary>
    public string ClockFile => data + ".clock";

    /// <summary>True if the clock of its process can be moved while it runs.</summary>
    public bool HasMovableClock { get; set; }

    /// <summary>The running process; null if there is none.</summary>
    public GatewayProcess? Process => _process;

    /// <summary>True if agents call this seat.</summary>
    public bool IsServing => _clients is not null;

    /// <summary>Returns a client with this grant's token; null while agents do not call this seat.</summary>
    public HttpClient? Client(string grant) => _clients?.GetValueOrDefault(grant);

    /// <summary>The client of the rate limit service; null while services do not call this seat.</summary>
    public HttpClient? Service => _service;

    public void Seated(GatewayProcess process) => _process = process;

    /// <summary>Lets agents call this seat from now on.</summary>
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

    /// <summary>Lets no agent call this seat from now on; calls in progress continue.</summary>
    public void Close() => (_clients, _service) = (null, null);

    /// <summary>Sends SIGTERM after its agents were sent elsewhere and the calls in transit have arrived.</summary>
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

    /// <summary>Sends <c>kill -9</c>; agents continue to call until <see cref="RemoveAsync"/> is done.</summary>
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
