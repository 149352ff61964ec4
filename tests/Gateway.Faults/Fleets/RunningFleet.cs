using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Gateway.Faults.Load;
using Gateway.Postgres.Tests.Clusters;
using Gateway.Postgres.Tests.Frontends;
using Gateway.Postgres.Tests.Network;
using Gateway.Server.Tests.Fixtures;

namespace Gateway.Faults.Fleets;

/// <summary>A fleet of real processes, the database that they share and the server behind them.</summary>
internal sealed class RunningFleet : IAsyncDisposable
{
    private const int StartsMax = 12;
    private readonly RunClock _clock;
    private readonly string? _clusterProgram;
    private readonly List<Seat> _seats = [];
    private readonly List<Seat> _silos = [];
    private int _silosMade;

    private RunningFleet(
        FleetKind kind, RunClock clock, string? clusterProgram, TestCluster? database, RecordingServer server,
        FleetFiles files)
    {
        (Kind, _clock, _clusterProgram) = (kind, clock, clusterProgram);
        (Database, Server, Files) = (database, server, files);
    }

    public FleetKind Kind { get; }

    /// <summary>What they share; null where there is one process with a journal.</summary>
    public TestCluster? Database { get; }

    public RecordingServer Server { get; }

    public FleetFiles Files { get; }

    /// <summary>Where agents are served, the spare ones too.</summary>
    public IReadOnlyList<Seat> Seats => _seats;

    /// <summary>The seats that serve now.</summary>
    public IReadOnlyList<Seat> Serving => [.. _seats.Where(seat => seat.IsServing)];

    /// <summary>Who owns counters.</summary>
    public IReadOnlyList<Seat> Silos => _silos;

    /// <summary>The processes that run now.</summary>
    public IEnumerable<int> ProcessIds()
    {
        lock (_silos) return [.. _seats.Concat(_silos).Select(seat => seat.Process?.Id).OfType<int>()];
    }

    /// <param name="kind">What it is made of.</param>
    /// <param name="workload">What the policies are made of.</param>
    /// <param name="log">Where the server's calls go.</param>
    /// <param name="clock">Stamps them.</param>
    /// <param name="clusterProgram">The path of the executable for a cluster.</param>
    public static async Task<RunningFleet> PrepareAsync(
        FleetKind kind, Workload workload, RunLog log, RunClock clock, string? clusterProgram)
    {
        var server = await new Recorder(log, clock).StartAsync();
        var database = kind == FleetKind.Journal ? null : await TestCluster.StartNewAsync();
        return new RunningFleet(
            kind, clock, clusterProgram, database, server, FleetFiles.Write(workload, server.Url));
    }

    /// <summary>One more place for a gateway or frontend, where nothing runs yet.</summary>
    public Seat AddSeat()
    {
        var name = $"g{_seats.Count + 1}";
        var seat = new Seat(name, Files.Data(name), NewProxy());
        _seats.Add(seat);
        return seat;
    }

    /// <summary>Starts what belongs there, and sends agents there once it says that it listens.</summary>
    /// <param name="seat">Where.</param>
    /// <param name="shift">Seconds that its clock is off, such as <c>+0.2</c>; null: none.</param>
    public async Task StartAsync(Seat seat, string? shift = null)
    {
        var place = shift is null ? new GatewayPlace() : new GatewayPlace
        {
            Environment = FakeTime.Shift(shift).ToDictionary(entry => entry.Name, entry => entry.Value),
        };
        seat.Seated(await TryStartAsync(() => Kind switch
        {
            FleetKind.Journal => GatewayProcess.StartAsync(place, Files.Config, seat.Data),
            FleetKind.Postgres => GatewayProcess.StartAsync(place, Files.Config, seat.Data, "--store", Store(seat)),
            _ => StartMemberAsync(
                seat, "frontend", "--config", Files.Config, "--data", seat.Data, "--listen", "http://127.0.0.1:0"),
        }));
        if (Kind == FleetKind.Cluster) await ReadyAsync(seat);
        seat.Open();
    }

    /// <summary>One more silo, ready.</summary>
    public async Task<Seat> AddSiloAsync()
    {
        for (var attempt = 0; ; attempt++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"silo-{Interlocked.Increment(ref _silosMade)}");
            var silo = new Seat(name, Files.Data(name), NewProxy());
            silo.Seated(await TryStartAsync(() => StartMemberAsync(silo, "silo")));
            if (await ReadyAsync(silo))
            {
                lock (_silos) _silos.Add(silo);
                return silo;
            }

            // A silo that gets too little CPU while it joins is declared dead; as a cluster would, start another.
            await silo.DisposeAsync();
            if (attempt == StartsMax) throw new InvalidOperationException("No silo stays alive.");
        }
    }

    /// <summary>Forgets a silo that has ended.</summary>
    public async Task RemoveAsync(Seat silo)
    {
        lock (_silos) _silos.Remove(silo);
        await silo.DisposeAsync();
    }

    /// <summary>What every process says of itself in the format of Prometheus.</summary>
    public async Task<IReadOnlyList<string>> MetricsAsync()
    {
        var pages = new List<string>();
        using var client = new HttpClient();
        foreach (var process in _seats.Concat(_silos).Select(seat => seat.Process).OfType<GatewayProcess>())
            pages.Add(await client.GetStringAsync(new Uri(process.Address, "/metrics")));
        return pages;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var seat in _seats.Concat(_silos)) await seat.DisposeAsync();
        await Server.DisposeAsync();
        if (Database is not null) await Database.DisposeAsync();
        Files.Dispose();
    }

    private TcpProxy? NewProxy() => Database is null ? null : new TcpProxy(Database.Port);

    private string Store(Seat seat) => Database!.Url(seat.Proxy!.Port);

    /// <summary>A start fails while the database is down; as whatever runs it would, this starts it again.</summary>
    private static async Task<GatewayProcess> TryStartAsync(Func<Task<GatewayProcess>> start)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await start();
            }
            catch (InvalidOperationException) when (attempt < StartsMax)
            {
                await RunClock.PassAsync(300);
            }
        }
    }

    private Task<GatewayProcess> StartMemberAsync(Seat seat, string role, params string[] more)
    {
        string[] arguments =
        [
            "--role", role, "--clustering", "postgres", "--store", Store(seat), "--silo-port", FreePort(),
            "--client-port", FreePort(), .. more,
        ];
        var place = new GatewayPlace { Environment = new Dictionary<string, string> { ["POD_NAME"] = seat.Name } };
        return GatewayProcess.StartProgramAsync(place, _clusterProgram!, arguments);
    }

    private async Task<bool> ReadyAsync(Seat seat)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        var ready = new Uri(seat.Process!.Address, "/readyz");
        return await _clock.UntilAsync(
            async () =>
            {
                try
                {
                    using var answer = await client.GetAsync(ready);
                    return answer.StatusCode == HttpStatusCode.OK;
                }
                catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
                {
                    return false;
                }
            },
            boundMs: 60_000);
    }

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }
}
