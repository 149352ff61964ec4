using Gateway.Faults.Network;

namespace Gateway.Faults.Fleets;

/// <summary>A fleet of real processes, their shared database and the server behind them.</summary>
internal sealed class RunningFleet : IAsyncDisposable
{
    private const string Loopback = "127.0.0.1";
    private readonly RunClock _clock;
    private readonly string? _clusterProgram;
    private readonly List<Seat> _seats = [];
    private readonly List<Seat> _silos = [];
    private readonly List<Seat> _elsewhere = [];
    private int _silosMade;

    private RunningFleet(
        FleetKind kind, RunClock clock, string? clusterProgram, FleetNetwork? network, IAsyncDisposable? kept,
        RecordingServer server, FleetFiles files, RunLog log)
    {
        (Kind, _clock, _clusterProgram, Network, Log) = (kind, clock, clusterProgram, network, log);
        (Database, Account, Server, Files) = (kept as PostgresCluster, kept as AzuriteProcess, server, files);
    }

    public FleetKind Kind { get; }

    /// <summary>The network between them, if it can be cut; null if they are ordinary processes.</summary>
    public FleetNetwork? Network { get; }

    /// <summary>True if silos own the counters.</summary>
    public bool HasSilos => Kind is FleetKind.Cluster or FleetKind.Azure;

    /// <summary>The shared database; null if there is none.</summary>
    public PostgresCluster? Database { get; }

    /// <summary>The shared account; null if there is none.</summary>
    public AzuriteProcess? Account { get; }

    /// <summary>The log of the run so far.</summary>
    public RunLog Log { get; }

    public RecordingServer Server { get; }

    public FleetFiles Files { get; }

    /// <summary>The seats for agents, including the spare ones.</summary>
    public IReadOnlyList<Seat> Seats => _seats;

    /// <summary>The seats that serve now.</summary>
    public IReadOnlyList<Seat> Serving => [.. _seats.Where(seat => seat.IsServing)];

    /// <summary>The owners of counters.</summary>
    public IReadOnlyList<Seat> Silos
    {
        get
        {
            lock (_silos) return [.. _silos];
        }
    }

    /// <summary>Returns the processes that run now.</summary>
    public IEnumerable<int> ProcessIds()
    {
        lock (_silos)
        {
            var all = _seats.Concat(_silos).Concat(_elsewhere);
            return [.. all.Select(seat => seat.Process?.Id).OfType<int>()];
        }
    }

    /// <param name="kind">The kind of fleet.</param>
    /// <param name="workload">The workload that determines the policies.</param>
    /// <param name="log">The log for the server's calls.</param>
    /// <param name="clock">The clock for time stamps.</param>
    /// <param name="clusterProgram">The path of the executable for a cluster.</param>
    public static async Task<RunningFleet> PrepareAsync(
        FleetKind kind, Workload workload, RunLog log, RunClock clock, string? clusterProgram)
    {
        var network = kind is FleetKind.Cluster or FleetKind.Azure && Namespaces.Missing is null
            ? await FleetNetwork.MakeAsync() : null;
        var server = await new Recorder(log, clock).StartAsync(network?.Host ?? Loopback);
        IAsyncDisposable? kept = kind switch
        {
            FleetKind.Journal => null,
            FleetKind.Azure => await AzuriteProcess.StartAsync(network?.Host ?? Loopback),
            _ => await PostgresCluster.StartNewAsync(),
        };
        var files = FleetFiles.Write(workload, server.Url, clock.NowMs());
        return new RunningFleet(kind, clock, clusterProgram, network, kept, server, files, log);
    }

    /// <summary>Adds an empty seat for a gateway or frontend.</summary>
    public async Task<Seat> AddSeatAsync()
    {
        var seat = await NewSeatAsync($"g{_seats.Count + 1}");
        _seats.Add(seat);
        return seat;
    }

    /// <summary>Starts the process of a seat, and sends agents there as soon as it listens.</summary>
    /// <param name="seat">Where.</param>
    /// <param name="environment">Additional environment variables, such as a shifted clock.</param>
    /// <param name="order">The fault that it causes itself; null for none.</param>
    /// <param name="clusterId">The cluster that a frontend joins; null for the fleet's.</param>
    public async Task StartAsync(
        Seat seat, (string Name, string Value)[]? environment = null, Order? order = null, string? clusterId = null)
    {
        seat.HasMovableClock = false;
        string[] run = ["--config", Files.Config, "--data", seat.Data, "--listen", $"http://{seat.Place.Host}:0"];
        string[] service =
        [
            "--rls-listen", $"http://{seat.Place.Host}:0", "--rls-config", Files.Limits,
            "--rls-token-file", Files.LimitTokens,
        ];
        string[] store = Kind == FleetKind.Journal ? [] : ["--store", Store(seat)];
        seat.Seated(await Starts.TryAsync(() => HasSilos
            ? StartMemberAsync(seat, "frontend", clusterId, environment, 2, [.. run, .. service])
            : GatewayProcess.StartProgramAsync(
                seat.Place with { Environment = Files.Zones.For(seat.Name).Concat(environment ?? []).ToDictionary() },
                order is null ? Programs.Gateway : typeof(Order).Assembly.Location,
                [.. order?.Arguments ?? [], "run", .. run, .. order is null ? service : [], .. store],
                order is null ? 2 : 1)));
        if (HasSilos) await Starts.ReadyAsync(seat, _clock);
        seat.Open();
    }

    /// <summary>Adds a silo and waits until it is ready.</summary>
    /// <param name="environment">Additional environment variables, such as a shifted clock.</param>
    public async Task<Seat> AddSiloAsync(Func<Seat, (string Name, string Value)[]>? environment = null)
    {
        var silo = await StartSiloAsync(clusterId: null, environment);
        lock (_silos) _silos.Add(silo);
        return silo;
    }

    /// <summary>Adds a silo of another cluster over the same database, which is unknown to this fleet.</summary>
    public async Task<Seat> AddElsewhereAsync(string clusterId)
    {
        var silo = await StartSiloAsync(clusterId, environment: null);
        lock (_silos) _elsewhere.Add(silo);
        return silo;
    }

    /// <summary>Removes a silo that has ended.</summary>
    public async Task RemoveAsync(Seat silo)
    {
        lock (_silos)
        {
            _silos.Remove(silo);
            _elsewhere.Remove(silo);
        }

        await silo.DisposeAsync();
        if (silo.Network is { } place) await Network!.GiveBackAsync(place);
    }

    /// <summary>
    /// Replaces ended silos. A silo that was declared dead ends itself, and the orchestrator starts it again; this
    /// plays the orchestrator.
    /// </summary>
    /// <param name="boundMs">The time to wait for such an end.</param>
    public async Task ReplaceEndedAsync(long boundMs = 0)
    {
        await _clock.UntilAsync(() => Task.FromResult(Silos.Any(HasEnded)), boundMs);
        foreach (var silo in Silos.Where(HasEnded))
        {
            await RemoveAsync(silo);
            await AddSiloAsync();
        }

        static bool HasEnded(Seat silo) => silo.Process!.HasExited;
    }

    /// <summary>Returns the metrics of every process in the Prometheus format.</summary>
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
        foreach (var seat in _seats.Concat(_silos).Concat(_elsewhere)) await seat.DisposeAsync();
        await Server.DisposeAsync();
        if (Database is not null) await Database.DisposeAsync();
        if (Account is not null) await Account.DisposeAsync();
        if (Network is not null) await Network.DisposeAsync();
        Files.Dispose();
    }

    private async Task<Seat> NewSeatAsync(string name)
    {
        var host = Network?.Host ?? Loopback;
        var place = IPAddress.Parse(host);
        var proxy = Account is not null ? new TcpProxy(Account.Blobs, place, place)
            : Database is not null ? new TcpProxy(Database.Port, place)
            : null;
        return new Seat(name, Files.Data(name), proxy, Network is null ? null : await Network.TakeAsync());
    }

    private string Store(Seat seat) => Account?.ConnectionStringBy(seat.Proxy!.Port)
        ?? Database!.Url(seat.Proxy!.Port, Network?.Host ?? Loopback);

    private async Task<Seat> StartSiloAsync(
        string? clusterId, Func<Seat, (string Name, string Value)[]>? environment)
    {
        for (var attempt = 0; ; attempt++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"silo-{Interlocked.Increment(ref _silosMade)}");
            var silo = await NewSeatAsync(name);
            silo.Seated(await Starts.TryAsync(() => StartMemberAsync(
                silo, "silo", clusterId, environment?.Invoke(silo), 1,
                ["--admin-listen", $"http://{silo.Place.Host}:0"])));
            if (await Starts.ReadyAsync(silo, _clock)) return silo;

            // A silo that gets too little CPU while it joins is declared dead. Start another, as a cluster would.
            await RemoveAsync(silo);
            if (attempt == Starts.Max) throw new InvalidOperationException("No silo stays alive.");
        }
    }

    private Task<GatewayProcess> StartMemberAsync(
        Seat seat, string role, string? clusterId, (string Name, string Value)[]? environment, int addresses,
        string[] more)
    {
        string[] cluster = clusterId is null ? [] : ["--cluster-id", clusterId];
        string[] arguments =
        [
            "--role", role, "--clustering", Account is null ? "postgres" : "azure", "--store", Store(seat),
            "--silo-port", $"{Ports.Free()}", "--client-port", $"{Ports.Free()}", .. cluster, .. more,
        ];
        (string Name, string Value)[] place =
        [
            ("POD_NAME", seat.Name), ("POD_IP", seat.Place.Host),
            // No other process reaches the network namespaces of this machine.
            ("GATEWAY_INSECURE_CLUSTER", "true"),
        ];
        return GatewayProcess.StartProgramAsync(
            seat.Place with
            {
                Environment = place.Concat(Files.Zones.For(seat.Name)).Concat(environment ?? []).ToDictionary(),
            },
            _clusterProgram!,
            arguments,
            addresses);
    }
}
