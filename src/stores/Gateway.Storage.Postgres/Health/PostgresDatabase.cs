using Gateway.Control.Options;
using Gateway.Limits.Model;
using Gateway.Storage.Postgres.Connections;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gateway.Storage.Postgres.Health;

/// <summary>
/// A database that all stores of a process share: its tables are created and its health is monitored.
/// </summary>
public sealed class PostgresDatabase : IAsyncDisposable
{
    private readonly Heartbeat _heartbeat;

    private PostgresDatabase(PostgresOptions options, ProcessClock clock, ILoggerFactory loggers)
    {
        Options = options;
        Loggers = loggers;
        Time = clock.Timers;
        Connections = new ConnectionFactory(options);
        _heartbeat = new Heartbeat(options, Connections, Health, clock, loggers.CreateLogger<PostgresDatabase>());
    }

    /// <summary>True while the database is available.</summary>
    public bool IsHealthy => Fault is null;

    /// <summary>
    /// Reason why calls with limits are denied (unreachable, clocks differ, went back in time, …), in one sentence
    /// without a password; null while they are not.
    /// </summary>
    public string? Fault => Health.Fault;

    /// <summary>False while the database responds but this machine's clock is not trustworthy.</summary>
    public bool IsClockTrusted => Health.IsClockTrusted;

    /// <summary>
    /// Time by which this machine's clock was probably ahead of the database's at the last heartbeat; negative if
    /// behind.
    /// </summary>
    public TimeSpan ClockAhead => TimeSpan.FromMilliseconds(Health.ClockAheadMs);

    /// <summary>
    /// Ignores the difference of the clocks from now on, for a process that issues nothing more and only returns what
    /// it holds.
    /// </summary>
    public void OnlyReturn() => Health.OnlyHandsBack = true;

    internal PostgresOptions Options { get; }

    /// <summary>Opens connections to the database.</summary>
    public ConnectionFactory Connections { get; }

    internal DatabaseHealth Health { get; } = new();

    internal ILoggerFactory Loggers { get; }

    internal TimeProvider Time { get; }

    /// <summary>Connects, creates or upgrades the tables, and starts monitoring.</summary>
    /// <param name="options">The address and how to use it.</param>
    /// <param name="clock">The clock of this process, which is compared with the database's.</param>
    /// <param name="loggers">Loggers for losses.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="PostgresStoreException">The database cannot be reached or cannot serve as a store.</exception>
    public static async Task<PostgresDatabase> OpenAsync(
        PostgresOptions options, ProcessClock clock, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        new PostgresOptionsValidator().Validate(null, options).OrThrow();
        var database = new PostgresDatabase(options, clock, loggers);
        try
        {
            await database.StartAsync(cancellationToken).ConfigureAwait(false);
            return database;
        }
        catch (Exception exception)
        {
            await database.DisposeAsync().ConfigureAwait(false);
            if (exception is not (NpgsqlException or TimeoutException)) throw;
            throw new PostgresStoreException(DatabaseLoss.Describe(options.Address, exception), exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _heartbeat.DisposeAsync().ConfigureAwait(false);
        await Connections.DisposeAsync().ConfigureAwait(false);
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        await SchemaUpgrade.RunAsync(Connections, Options.Schema, cancellationToken).ConfigureAwait(false);
        await MigrationTable.RequireUsableAsync(
            Connections, Options.Schema, Options.Address.Text, cancellationToken).ConfigureAwait(false);
        await SchemaUpgrade.ReopenAsync(Connections, Options.Schema, cancellationToken).ConfigureAwait(false);
        await _heartbeat.StartAsync(cancellationToken).ConfigureAwait(false);
    }
}
