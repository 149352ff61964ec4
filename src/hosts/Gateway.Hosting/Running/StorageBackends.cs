using Gateway.Control.Storage;
using Gateway.Hosting.Logs;
using Gateway.Limits.Model;
using Gateway.Storage.Local.Files;
using Gateway.Storage.Local.Journal;
using Gateway.Storage.Postgres;
using Gateway.Storage.Postgres.Connections;

namespace Gateway.Hosting.Running;

/// <summary>Opens the store of a gateway's counts.</summary>
internal static class StorageBackends
{
    /// <summary>The bytes of a counter with its key and its row in the journal; a generous estimate.</summary>
    private const int CounterBytes = 1000;

    /// <summary>The share of the process's memory that counters may use.</summary>
    private const double CountersShare = 0.4;

    /// <summary>
    /// The stores that a fleet can share, by the scheme of their URLs. The last one handles every other scheme, and
    /// reports the form of a valid URL.
    /// </summary>
    private static readonly (string Scheme, Func<GatewayHostOptions, CancellationToken, Task<IStorageBackend>> Open)[]
        Shared =
        [
            ("postgres", OpenPostgresAsync),
        ];

    /// <summary>Opens the store that the options name, or the journal.</summary>
    /// <exception cref="IOException">The journal cannot be opened.</exception>
    /// <exception cref="PostgresStoreException">The database cannot be reached or cannot serve as a store.</exception>
    public static async Task<IStorageBackend> OpenAsync(GatewayHostOptions options, CancellationToken cancellationToken)
    {
        if (options.Store is not { } store) return await JournalEngine.OpenAsync(JournalOf(options), options.Time);
        var known = Array.Find(Shared, one => store.StartsWith(one.Scheme, StringComparison.Ordinal));
        return await (known.Open ?? Shared[^1].Open)(options, cancellationToken);
    }

    /// <summary>Keeps the intact part of a damaged journal; changes nothing in an intact one.</summary>
    /// <exception cref="JournalException">It is in use, missing, or of a newer format.</exception>
    public static Task<JournalRepairReport> RepairJournalAsync(GatewayHostOptions options) =>
        JournalEngine.RepairAsync(JournalOf(options), options.Time);

    private static JournalEngineOptions JournalOf(GatewayHostOptions options) => new()
    {
        DataDirectory = Path.Combine(options.DataDirectory, "limits"),
        Durability = options.Durability,
        StrictWindows = options.StrictWindows,
        Bounds = BoundsOf(options),
        StoredTime = TrustedTimeFile.Read(options.DataDirectory),
    };

    private static CounterBounds BoundsOf(GatewayHostOptions options) => options.CountersMax is { } most
        ? new CounterBounds { CountersMax = most }
        : CounterBounds.OfMemory(CounterBytes, CountersShare);

    private static async Task<IStorageBackend> OpenPostgresAsync(
        GatewayHostOptions options, CancellationToken cancellationToken)
    {
        var postgres = new PostgresOptions
        {
            Address = PostgresAddress.Parse(options.Store!),
            Counters = BoundsOf(options),
            StoredTime = TrustedTimeFile.Read(options.DataDirectory),
        };
        return await PostgresBackend.OpenAsync(
            postgres, options.StrictWindows, options.Time,
            LoggerFactory.Create(logging => GatewayLogging.Configure(logging, options.Logs, null)), cancellationToken);
    }
}
