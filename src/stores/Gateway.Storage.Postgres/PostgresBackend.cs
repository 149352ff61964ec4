using Gateway.Control.Documents;
using Gateway.Control.Health;
using Gateway.Limits.Engine;
using Gateway.Limits.Model;
using Gateway.Storage.Postgres.Connections;
using Gateway.Storage.Postgres.Documents;
using Gateway.Storage.Postgres.Health;
using Gateway.Storage.Postgres.Reservations;
using Microsoft.Extensions.Logging;

namespace Gateway.Storage.Postgres;

/// <summary>
/// Everything that one process of a fleet keeps in PostgreSQL, opened and closed in the right order.
/// </summary>
public sealed class PostgresBackend : IEngineHealth, IAsyncDisposable
{
    private readonly PostgresDatabase _database;
    private readonly PostgresReservationStore _reservations;
    private readonly PostgresControlStore _controls;
    private readonly LocalEngine _limiter;

    private PostgresBackend(
        PostgresDatabase database, ProcessClock clock, TimeProvider time, bool strictWindows, CounterBounds bounds)
    {
        _database = database;
        _reservations = new PostgresReservationStore(database);
        _controls = new PostgresControlStore(database);
        // The store has time-outs of its own, which know more of what was sent.
        var options = new LocalEngineOptions
        {
            StrictWindows = strictWindows,
            Bounds = bounds,
            StoreTimeoutMs = 0,
            StoreFault = () => database.Fault,
        };
        _limiter = new LocalEngine(_reservations, options, time, clock);
    }

    /// <inheritdoc/>
    public LimiterStatistics Statistics => _limiter.Statistics;

    /// <summary>The limits, exact together with every other process on this database and schema.</summary>
    public LocalEngine Limiter => _limiter;

    /// <summary>
    /// Servers, policies, grants, and the Data Protection keys that encrypt their secrets: the same for every process.
    /// </summary>
    public IControlStore Controls => _controls;

    /// <summary>The table beneath, with its figures.</summary>
    public PostgresReservationStore Reservations => _reservations;

    /// <summary>The clock to read once for each decision.</summary>
    public ProcessClock Clock => _limiter.Clock;

    /// <summary>True while calls with limits can be judged: ready.</summary>
    public bool IsHealthy => Fault is null;

    /// <summary>Why calls with limits are denied now; null while all is well. Never a password.</summary>
    public string? Fault => _limiter.Fault;

    /// <inheritdoc/>
    public bool IsClockTrusted => Clock.IsTrusted && _database.IsClockTrusted;

    /// <inheritdoc/>
    public TimeSpan ClockAhead => _database.ClockAhead;

    /// <summary>Connects, makes or upgrades the tables, compares the clocks, and serves.</summary>
    /// <param name="options">Where the database is and how to use it.</param>
    /// <param name="strictWindows">See <see cref="LocalEngineOptions.StrictWindows"/>.</param>
    /// <param name="time">Wall and monotonic time.</param>
    /// <param name="loggers">Where losses are told.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="PostgresStoreException">It cannot be reached or cannot serve as a store.</exception>
    public static async Task<PostgresBackend> OpenAsync(
        PostgresOptions options,
        bool strictWindows,
        TimeProvider time,
        ILoggerFactory loggers,
        CancellationToken cancellationToken)
    {
        var clock = new ProcessClock(time);
        var database = await PostgresDatabase.OpenAsync(options, clock, loggers, cancellationToken)
            .ConfigureAwait(false);
        return new PostgresBackend(database, clock, time, strictWindows, options.Counters);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _limiter.DisposeAsync().ConfigureAwait(false);
        await _reservations.DisposeAsync().ConfigureAwait(false);
        await _controls.DisposeAsync().ConfigureAwait(false);
        await _database.DisposeAsync().ConfigureAwait(false);
    }
}
