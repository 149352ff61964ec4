using Gateway.Audit.Directories;
using Gateway.Cluster.Clocks;
using Gateway.Cluster.Clustering;
using Gateway.Cluster.Settings;
using Gateway.Control.Documents;
using Gateway.Hosting.Logs;
using Gateway.Limits.Model;
using Gateway.Orleans.Accounts;
using Gateway.Storage.Postgres.Connections;
using Gateway.Storage.Postgres.Documents;
using Gateway.Storage.Postgres.Health;
using Gateway.Storage.Postgres.Reservations;

namespace Gateway.Cluster.Stores;

/// <summary>
/// The shared state of a fleet: its counters' reservations, its control documents, and its membership table.
/// </summary>
internal sealed class ClusterStore : IAsyncDisposable
{
    private readonly ILoggerFactory _loggers;
    private PostgresDatabase? _database;
    private PostgresReservationStore? _reservations;
    private PostgresControlStore? _controls;

    private ClusterStore(ClusterSettings settings) =>
        _loggers = LoggerFactory.Create(logging => GatewayLogging.Configure(logging, settings.Logs, null));

    /// <summary>The reservations in PostgreSQL; null in a frontend, and if they are in Azure.</summary>
    public IReservationStore? Reservations => _reservations;

    /// <summary>The control documents in PostgreSQL; null in a silo, and if silos keep them in Azure.</summary>
    public IControlStore? Controls => _controls;

    /// <summary>Location of the store, for the log; contains no secret.</summary>
    public string Place { get; private set; } = "Azure";

    /// <summary>The storage account; null if PostgreSQL holds everything.</summary>
    public IFleetAccount? Account { get; private init; }

    /// <summary>The folder that a fleet on one machine shares; null for another store.</summary>
    public string? Folder { get; private init; }

    /// <summary>The membership table in PostgreSQL; null if silos find each other elsewhere.</summary>
    public PostgresClustering? Membership { get; private set; }

    /// <summary>
    /// The table in which silos compare their clocks; null in a frontend, and if membership is not in PostgreSQL.
    /// </summary>
    public ClockBoard? Clocks { get; private set; }

    /// <summary>
    /// Stops issuing numbers; from then on a wrong clock no longer blocks the return of numbers to the store.
    /// </summary>
    public void OnlyReturn() => _database?.OnlyReturn();

    /// <summary>
    /// Reason why reservations are not available; null while they are, and if this process makes none. A frontend that
    /// cannot reach its control documents denies calls independently of this.
    /// </summary>
    public string? Fault => _reservations is null ? null : _database?.Fault;

    /// <summary>False while the database responds but this machine's clock is not trustworthy.</summary>
    public bool IsClockTrusted => _database?.IsClockTrusted ?? true;

    /// <summary>Time by which this machine's clock is probably ahead of the database's; negative if behind.</summary>
    public TimeSpan ClockAhead => _database?.ClockAhead ?? TimeSpan.Zero;

    /// <summary>Opens the parts of the store that this process needs.</summary>
    /// <exception cref="SettingsException">The settings name no usable store.</exception>
    /// <exception cref="PostgresStoreException">The store cannot be reached or cannot serve.</exception>
    public static async Task<ClusterStore> OpenAsync(
        ClusterSettings settings, ProcessClock clock, CancellationToken cancellationToken)
    {
        var azure = AccountOf(settings);
        if (settings.Clustering == ClusteringKind.Azure && azure is null)
            throw new SettingsException(
                "Clustering in Azure needs a storage account: set its connection string with --store, or its address "
                + "with --azure-blobs.");
        if (settings is { Clustering: ClusteringKind.Azure, AzureBlobs: not null, AzureTables: null })
            throw new SettingsException("Clustering in Azure needs --azure-tables beside --azure-blobs.");
        if (settings.Clustering == ClusteringKind.Postgres && azure is not null)
            throw new SettingsException("Clustering in PostgreSQL needs --store postgres://user@host/database.");
        if (settings.Folder is { } folder) return OpenFolder(settings, folder);
        var store = new ClusterStore(settings) { Account = azure };
        try
        {
            if (azure is null) await store.OpenPostgresAsync(settings, clock, cancellationToken);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Clocks is not null) await Clocks.DisposeAsync();
        if (_reservations is not null) await _reservations.DisposeAsync();
        if (_controls is not null) await _controls.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
        _loggers.Dispose();
    }

    private static ClusterStore OpenFolder(ClusterSettings settings, string folder)
    {
        if (settings.Clustering != ClusteringKind.Localhost)
            throw new SettingsException(
                "A store of files works on one machine only: omit --clustering, or use a different --store.");
        var full = Path.GetFullPath(folder);
        DataDirectory.Make(full);
        return new ClusterStore(settings) { Folder = full, Place = full };
    }

    private async Task OpenPostgresAsync(
        ClusterSettings settings, ProcessClock clock, CancellationToken cancellationToken)
    {
        var address = settings.Store is { } url
            ? PostgresAddress.Parse(url)
            : throw new SettingsException(
                "A fleet needs a shared store: use --store postgres://user@host/database, or on one machine "
                + "--store file:DIR.");
        Place = address.Text;
        if (settings.Clustering == ClusteringKind.Postgres)
        {
            Membership = new PostgresClustering(address);
            await Membership.SetUpAsync(cancellationToken);
        }

        var options = new PostgresOptions { Address = address };
        _database = await PostgresDatabase.OpenAsync(options, clock, _loggers, cancellationToken);
        if (Membership is not null && settings.HasSilo)
            Clocks = new ClockBoard(_database, clock, settings.ClusterId, settings.Name);
        if (settings.HasSilo) _reservations = new PostgresReservationStore(_database);
        if (settings.HasFrontend) _controls = new PostgresControlStore(_database);
    }

    private static IFleetAccount? AccountOf(ClusterSettings settings)
    {
        if (settings is { AzureBlobs: null, IsAzure: false }) return null;
        var accounts = settings.Accounts is [var first, ..]
            ? first
            : throw new SettingsException("This program was built without support for Azure storage accounts.");
        return settings.AzureBlobs is { } blobs
            ? accounts.Open(blobs, settings.AzureTables)
            : accounts.Open(settings.Store!);
    }
}
