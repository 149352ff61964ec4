using Gateway.Control.Documents;
using Gateway.Control.Health;
using Gateway.Hosting.Logs;
using Gateway.Limits.Model;
using Gateway.Storage.Local.Journal;
using Gateway.Storage.Postgres;
using Gateway.Storage.Postgres.Connections;

namespace Gateway.Server.Hosting;

/// <summary>
/// What a host counts with, opened before the web server and closed after it: the journal of this process, or a
/// database that a fleet shares, which then holds the control documents too.
/// </summary>
internal sealed class HostEngine : IEngineHealth, IAsyncDisposable
{
    /// <summary>What a counter takes with its key, of a session and with the journal's row, generously.</summary>
    private const int CounterBytes = 1000;

    /// <summary>What counters may take of the memory that this process may use.</summary>
    private const double CountersShare = 0.4;

    private readonly JournalEngine? _journal;
    private readonly PostgresBackend? _fleet;
    private readonly IAsyncDisposable _owned;
    private readonly ILoggerFactory? _loggers;

    /// <summary>Counts over a journal, which it closes.</summary>
    internal HostEngine(JournalEngine limiter) =>
        (Limiter, Clock, _owned, _journal) = (limiter, limiter.Clock, limiter, limiter);

    /// <summary>Counts over a store that a fleet shares; it closes both.</summary>
    internal HostEngine(PostgresBackend fleet, ILoggerFactory loggers)
    {
        (Limiter, Clock, Controls, _owned, _loggers) = (fleet.Limiter, fleet.Clock, fleet.Controls, fleet, loggers);
        _fleet = fleet;
    }

    public ILimiter Limiter { get; internal init; }

    public ProcessClock Clock { get; }

    /// <summary>Where the fleet keeps its control documents; null keeps them in the data directory.</summary>
    public IControlStore? Controls { get; }

    public string Kind => _fleet is null ? "journal" : "PostgreSQL";

    public string? Fault => _fleet is null ? _journal!.Fault : _fleet.Fault;

    /// <summary>What an operator should know of how the journal was found; null if nothing.</summary>
    public string? Notice => _journal?.Notice;

    public LimiterStatistics Statistics => _fleet?.Statistics ?? _journal!.Statistics;

    public bool IsClockTrusted => _fleet?.IsClockTrusted ?? Clock.IsTrusted;

    public TimeSpan ClockAhead => _fleet?.ClockAhead ?? TimeSpan.Zero;

    public long JournalBytes => _journal?.JournalBytes ?? 0;

    /// <exception cref="IOException">The journal cannot be had.</exception>
    /// <exception cref="PostgresStoreException">The database cannot be reached or cannot serve as a store.</exception>
    public static Task<HostEngine> OpenAsync(GatewayHostOptions options, CancellationToken cancellationToken) =>
        options.Store is { } store ? OpenFleetAsync(options, store, cancellationToken) : OpenJournalAsync(options);

    public async ValueTask DisposeAsync()
    {
        await _owned.DisposeAsync();
        _loggers?.Dispose();
    }

    /// <summary>Keeps what is whole of a damaged journal; changes nothing of a sound one.</summary>
    /// <exception cref="JournalException">It is in use, missing, or of a newer format.</exception>
    public static Task<JournalRepairReport> RepairJournalAsync(GatewayHostOptions options) =>
        JournalEngine.RepairAsync(OptionsOf(options), options.Time);

    private static async Task<HostEngine> OpenJournalAsync(GatewayHostOptions options) =>
        new(await JournalEngine.OpenAsync(OptionsOf(options), options.Time));

    private static JournalEngineOptions OptionsOf(GatewayHostOptions options) => new()
    {
        DataDirectory = Path.Combine(options.DataDirectory, "limits"),
        Durability = options.Durability,
        StrictWindows = options.StrictWindows,
        Bounds = BoundsOf(options),
    };

    private static CounterBounds BoundsOf(GatewayHostOptions options) => options.CountersMax is { } most
        ? new CounterBounds { CountersMax = most }
        : CounterBounds.OfMemory(CounterBytes, CountersShare);

    private static async Task<HostEngine> OpenFleetAsync(
        GatewayHostOptions options, string store, CancellationToken cancellationToken)
    {
        var postgres = new PostgresOptions { Address = PostgresAddress.Parse(store), Counters = BoundsOf(options) };
        var loggers = LoggerFactory.Create(logging => GatewayLogging.Configure(logging, options.Logs, null));
        try
        {
            var fleet = await PostgresBackend.OpenAsync(
                postgres, options.StrictWindows, options.Time, loggers, cancellationToken);
            return new HostEngine(fleet, loggers);
        }
        catch
        {
            loggers.Dispose();
            throw;
        }
    }
}
