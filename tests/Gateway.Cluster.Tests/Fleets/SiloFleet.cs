using Gateway.Cluster.Certificates;
using Gateway.Cluster.Hosting;
using Gateway.Cluster.Settings;
using Gateway.Cluster.Stores;
using Gateway.Orleans.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Cluster.Tests.Fleets;

/// <summary>Silos in processes of their own over a store of their own, and limiters of frontends here.</summary>
internal sealed class SiloFleet : IAsyncDisposable
{
    private readonly IAsyncDisposable _kept;
    private readonly ClusteringKind _clustering;
    private readonly List<ClusterProcess> _processes = [];
    private readonly List<ClusterProcess> _silos = [];
    private IHost? _client;
    private ClusterStore? _store;
    private int _started;

    private SiloFleet(IAsyncDisposable kept, ClusteringKind clustering, string store) =>
        (_kept, _clustering, Store) = (kept, clustering, store);

    public ProcessClock Clock { get; } = new(TimeProvider.System);

    /// <summary>Where it keeps what it shares: an address, or a connection string.</summary>
    public string Store { get; }

    /// <summary>The gateway-cluster.dll of processes that are started now; null is this version's.</summary>
    public string? Program { get; set; }

    /// <summary>What processes that are started now may use; null where it is the machine's.</summary>
    public MemoryGroup? Memory { get; set; }

    /// <summary>What stands in the environment of processes that are started now, besides.</summary>
    public IEnumerable<(string Name, string Value)> Environment { get; set; } = [];

    /// <summary>The certificates of processes that are started now; null for none.</summary>
    public FleetCertificates? Certificates { get; set; }

    /// <summary>The silos that were added, in that order.</summary>
    public ClusterProcess[] Silos => [.. _silos];

    /// <summary>A fleet of so many ready silos over PostgreSQL.</summary>
    public static async Task<SiloFleet> StartAsync(int silos, FleetCertificates? certificates = null)
    {
        var database = await PostgresCluster.StartNewAsync();
        return await StartAsync(silos, new SiloFleet(database, ClusteringKind.Postgres, database.Url())
        {
            Certificates = certificates,
        });
    }

    /// <summary>Another Orleans cluster over this fleet's store, whose processes have these certificates.</summary>
    public Task<SiloFleet> StartSecondAsync(int silos, FleetCertificates certificates) => StartAsync(
        silos, new SiloFleet(new MemoryStream(), _clustering, Store) { Certificates = certificates });

    /// <summary>The same over an emulated account of Azure Storage, in whose table silos find each other.</summary>
    public static async Task<SiloFleet> StartOnAzureAsync(int silos, FleetCertificates? certificates = null) =>
        await StartOnAsync(silos, await AzuriteProcess.StartAsync(), certificates);

    /// <summary>The same over this account, which ends with it.</summary>
    public static Task<SiloFleet> StartOnAsync(
        int silos, AzuriteProcess account, FleetCertificates? certificates = null) =>
        StartAsync(silos, new SiloFleet(account, ClusteringKind.Azure, account.ConnectionString)
        {
            Certificates = certificates,
        });

    /// <summary>More silos, ready.</summary>
    public async Task<ClusterProcess[]> AddSilosAsync(int count)
    {
        var silos = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => StartReadyAsync("silo")));
        _silos.AddRange(silos);
        return silos;
    }

    /// <summary>
    /// One more process, ready. A silo that gets too little CPU while it joins is declared dead by the others and ends
    /// itself; as a cluster would, this starts another.
    /// </summary>
    public async Task<ClusterProcess> StartReadyAsync(string role, params string[] more)
    {
        for (var attempt = 0; attempt < 4; attempt++)
        {
            var process = Start(role, more);
            if (await process.ReadyAsync()) return process;
        }

        throw new InvalidOperationException($"No {role} stays alive:\n{_processes[^1].Log}");
    }

    /// <summary>One more process, as it is.</summary>
    public ClusterProcess Start(string role, params string[] more)
    {
        string[] all = [.. Membership, .. Certificates?.OptionsOf(role) ?? [], .. more];
        // A silo that leaves and comes back is found at the same address.
        if (role == "silo") all = [.. all, "--admin-listen", $"http://127.0.0.1:{Ports.Free()}"];
        var name = $"{role}-{Interlocked.Increment(ref _started)}";
        var process = ClusterProcess.StartIn(Program, Memory, Environment, name, role, Ports.Free(), all);
        process.ClientPort = int.Parse(all[Array.IndexOf(all, "--client-port") + 1], null);
        lock (_processes) _processes.Add(process);
        return process;
    }

    /// <summary>The one value that a statement answers with, in the database that it is over.</summary>
    public Task<string> QueryAsync(string sql) => ((PostgresCluster)_kept).QueryAsync(sql);

    /// <summary>The options by which one more process belongs to it.</summary>
    public string[] Membership =>
        ["--clustering", $"{_clustering}".ToLowerInvariant(), "--store", Store, "--client-port", $"{Ports.Free()}"];

    /// <summary>The living silo that owns this counter, as soon as there is one.</summary>
    public async Task<ClusterProcess> OwnerAsync(CounterKey key)
    {
        var grains = _client!.Services.GetRequiredService<IGrainFactory>();
        var counter = grains.GetGrain<ICounterGrain>(key.Text);
        using var patience = new CancellationTokenSource(Soon.AtMost);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await timer.WaitForNextTickAsync(patience.Token))
        {
            try
            {
                var answer = await counter.AskAsync(new CounterMessage([], null));
                var owner = answer.BatchGrain is { } batchGrain ? SiloAddress.FromParsableString(batchGrain) : null;
                var silo = _silos.Find(silo => silo.SiloPort == owner?.Endpoint.Port);
                if (silo is { HasEnded: false }) return silo;
            }
            catch (Exception e) when (e is TimeoutException or OrleansException)
            {
                // The silo that was asked is the one that is gone.
            }
        }

        throw new InvalidOperationException("Nobody owns the counter.");
    }

    /// <summary>A limiter as each frontend has one, on one connection to the fleet.</summary>
    public async Task<ClusterEngine> LimiterAsync()
    {
        _client ??= await ConnectAsync();
        return new ClusterEngine(
            _client.Services.GetRequiredService<IGrainFactory>(),
            Clock,
            new ClusterEngineOptions(),
            TimeProvider.System,
            _client.Services.GetRequiredService<ILogger<ClusterEngine>>());
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.StopAsync();
            _client.Dispose();
        }

        if (_store is not null) await _store.DisposeAsync();
        foreach (var process in _processes) await process.DisposeAsync();
        await _kept.DisposeAsync();
    }

    private static async Task<SiloFleet> StartAsync(int silos, SiloFleet fleet)
    {
        try
        {
            await fleet.AddSilosAsync(silos);
            return fleet;
        }
        catch
        {
            // Nobody else would end the silos that started, and the database.
            await fleet.DisposeAsync();
            throw;
        }
    }

    private async Task<IHost> ConnectAsync()
    {
        var settings = new ClusterSettings
        {
            Role = ClusterRole.Frontend,
            Clustering = _clustering,
            Name = "test",
            Store = Store,
            ClusterTls = Certificates?.Of("frontend"),
            Accounts = ProgramExtensions.Accounts,
        };
        var certificates = ClusterCertificates.Open(settings, TimeProvider.System);
        _store = await ClusterStore.OpenAsync(settings, Clock, CancellationToken.None);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client => ClientSetUp.Configure(
            client, settings, _store, certificates, TimeProvider.System));
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
