using Gateway.Control.Documents;
using Gateway.Control.Options;
using Gateway.Control.Storage;
using Gateway.Limits.Engine;
using Gateway.Limits.Model;
using Gateway.Storage.Postgres.Connections;
using Gateway.Storage.Postgres.Documents;
using Gateway.Storage.Postgres.Health;
using Gateway.Storage.Postgres.Reservations;
using Microsoft.Extensions.Logging;

namespace Gateway.Storage.Postgres;

/// <summary>All PostgreSQL stores of one process of a fleet, opened and closed in the right order.</summary>
public sealed class PostgresBackend : LocalEngine, IStorageBackend
{
    private readonly PostgresDatabase _database;
    private readonly PostgresReservationStore _reservations;
    private readonly PostgresControlStore _controls;
    private readonly ILoggerFactory _loggers;

    private PostgresBackend(
        PostgresDatabase database, PostgresReservationStore reservations, ProcessClock clock, TimeProvider time,
        bool strictWindows, ILoggerFactory loggers)
        : base(reservations, Over(database, strictWindows), time, clock)
    {
        (_database, _reservations, _loggers) = (database, reservations, loggers);
        _controls = new PostgresControlStore(database);
    }

    /// <inheritdoc/>
    public string Kind => "PostgreSQL";

    /// <inheritdoc/>
    public string Place => _database.Options.Address.Text;

    /// <summary>
    /// Servers, policies, grants, and the Data Protection keys that encrypt their secrets; shared by all processes.
    /// </summary>
    public IControlStore Controls => _controls;

    /// <summary>The reservation table, with its statistics.</summary>
    public PostgresReservationStore Reservations => _reservations;

    /// <inheritdoc/>
    public bool IsClockTrusted => Clock.IsTrusted && _database.IsClockTrusted;

    /// <inheritdoc/>
    public TimeSpan ClockAhead => _database.ClockAhead;

    /// <summary>Connects, creates or upgrades the tables, compares the clocks, and starts serving.</summary>
    /// <param name="options">The address and how to use it.</param>
    /// <param name="strictWindows">See <see cref="LocalEngineOptions.StrictWindows"/>.</param>
    /// <param name="time">Wall and monotonic time.</param>
    /// <param name="loggers">Loggers for losses; disposed with this object.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="PostgresStoreException">The database cannot be reached or cannot serve as a store.</exception>
    public static async Task<PostgresBackend> OpenAsync(
        PostgresOptions options,
        bool strictWindows,
        TimeProvider time,
        ILoggerFactory loggers,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        var clock = new ProcessClock(time, stored: options.StoredTime);
        try
        {
            var database = await PostgresDatabase.OpenAsync(options, clock, loggers, cancellationToken)
                .ConfigureAwait(false);
            return new PostgresBackend(
                database, new PostgresReservationStore(database), clock, time, strictWindows, loggers);
        }
        catch
        {
            loggers.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync().ConfigureAwait(false);
        await _reservations.DisposeAsync().ConfigureAwait(false);
        await _controls.DisposeAsync().ConfigureAwait(false);
        await _database.DisposeAsync().ConfigureAwait(false);
        _loggers.Dispose();
    }

    /// <summary>The store has its own timeouts, which depend on what was sent.</summary>
    private static LocalEngineOptions Over(PostgresDatabase database, bool strictWindows) =>
        LocalEngineOptionsValidator.Check(new()
        {
            StrictWindows = strictWindows,
            Bounds = database.Options.Counters,
            StoreTimeoutMs = 0,
            StoreFault = () => database.Fault,
        });
}
