using Gateway.Control.Options;
using Gateway.Limits.Model;
using Gateway.Storage.Postgres.Connections;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gateway.Storage.Postgres.Health;

/// <summary>
/// One database, shared by everything that a process keeps there: its tables are made, its health is watched.
/// </summary>
public sealed class PostgresDatabase : IAsyncDisposable
{
    private readonly Heartbeat _heartbeat;

    private PostgresDatabase(PostgresOptions options, ProcessClock clock, ILoggerFactory loggers)
    {
        Options = options;
        Loggers = loggers;
        Connections = new ConnectionFactory(options);
        _heartbeat = new Heartbeat(options, Connections, Health, clock, loggers.CreateLogger<PostgresDatabase>());
    }

    /// <summary>True while it can be counted on.</summary>
    public bool IsHealthy => Fault is null;

    /// <summary>
    /// Why calls with limits are denied now (gone, clocks apart, went back in time, …), in one sentence without a
    /// password; null while all is well.
    /// </summary>
    public string? Fault => Health.Fault;

    /// <summary>False while it answers and this machine's clock cannot be believed.</summary>
    public bool IsClockTrusted => Health.IsClockTrusted;

    /// <summary>
    /// By how much this machine's clock was probably ahead of the database's at the last heartbeat; negative if behind.
    /// </summary>
    public TimeSpan ClockAhead => TimeSpan.FromMilliseconds(Health.ClockAheadMs);

    /// <summary>
    /// From now on the clocks' difference keeps nothing from the store: for a process that gives out nothing more, and
    /// hands back what it holds.
    /// </summary>
    public void OnlyReturn() => Health.OnlyHandsBack = true;

    internal PostgresOptions Options { get; }

    /// <summary>Where connections come from.</summary>
    public ConnectionFactory Connections { get; }

    internal DatabaseHealth Health { get; } = new();

    internal ILoggerFactory Loggers { get; }

    /// <summary>Connects, makes or upgrades the tables, and starts to watch over it.</summary>
    /// <param name="options">Where it is and how to use it.</param>
    /// <param name="clock">The clock of this process, which is compared with the database's.</param>
    /// <param name="loggers">Where losses are told.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="PostgresStoreException">It cannot be reached or cannot serve as a store.</exception>
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
