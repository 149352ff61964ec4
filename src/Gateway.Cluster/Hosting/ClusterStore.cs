using Gateway.Cluster.Clustering;
using Gateway.Limits;
using Gateway.Postgres;

namespace Gateway.Cluster.Hosting;

/// <summary>What a fleet shares: its counters' reservations, and the table in which silos find each other.</summary>
internal sealed class ClusterStore : IAsyncDisposable
{
    private readonly PostgresDatabase? _database;
    private readonly PostgresReservationStore? _reservations;
    private readonly ILoggerFactory _loggers;

    private ClusterStore(ILoggerFactory loggers, PostgresDatabase? database, PostgresClustering? clustering)
    {
        _loggers = loggers;
        _database = database;
        _reservations = database is null ? null : new PostgresReservationStore(database);
        Clustering = clustering;
    }

    /// <summary>The reservations; a silo's own business.</summary>
    public IReservationStore? Reservations => _reservations;

    /// <summary>The membership table; null where silos find each other on this machine.</summary>
    public PostgresClustering? Clustering { get; }

    /// <summary>Why the store cannot be counted on; null while it can, and where it is not used.</summary>
    public string? Fault => _database?.Fault;

    /// <summary>Opens what this process needs of it.</summary>
    /// <exception cref="SettingsException">The settings name no usable store.</exception>
    /// <exception cref="PostgresStoreException">It cannot be reached or cannot serve.</exception>
    public static async Task<ClusterStore> OpenAsync(
        ClusterSettings settings, ProcessClock clock, CancellationToken cancellationToken)
    {
        var needsStore = settings.HasSilo || settings.Clustering == ClusteringKind.Postgres;
        var loggers = LoggerFactory.Create(ClusterLogging.Configure);
        if (!needsStore) return new ClusterStore(loggers, null, null);

        var address = Address(settings);
        PostgresClustering? clustering = null;
        if (settings.Clustering == ClusteringKind.Postgres)
        {
            clustering = new PostgresClustering(address);
            await clustering.SetUpAsync(cancellationToken);
        }

        if (!settings.HasSilo) return new ClusterStore(loggers, null, clustering);
        var database = await PostgresDatabase.OpenAsync(
            new PostgresOptions { Address = address }, clock, loggers, cancellationToken);
        return new ClusterStore(loggers, database, clustering);
    }

    public async ValueTask DisposeAsync()
    {
        if (_reservations is not null) await _reservations.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
        _loggers.Dispose();
    }

    private static PostgresAddress Address(ClusterSettings settings)
    {
        if (settings.Clustering == ClusteringKind.Azure)
            throw new SettingsException("This build has no Azure storage; use --clustering postgres.");
        return settings.Store is { } url
            ? PostgresAddress.Parse(url)
            : throw new SettingsException(
                "A silo keeps its reservations in a store: give --store postgres://user@host/database.");
    }
}
