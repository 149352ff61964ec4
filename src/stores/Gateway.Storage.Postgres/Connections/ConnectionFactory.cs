using System.Globalization;
using Npgsql;

namespace Gateway.Storage.Postgres.Connections;

/// <summary>
/// Opens connections whose acknowledged writes are reliable. There is no pool: each user keeps its own connection with
/// its prepared statements, so their number is bounded by construction and a broken one never reaches another user.
/// </summary>
public sealed class ConnectionFactory(PostgresOptions options) : IAsyncDisposable
{
    /// <summary>
    /// Settings of a new connection, in one round trip. An acknowledged write must be flushed, and present on the
    /// synchronous replicas if there are any: <c>on</c> overrides the setting of the server or the role. The planner
    /// settings keep the statements on the primary key, in key order, however small the table was at planning time.
    /// </summary>
    private const string Prepare = """
        SET synchronous_commit = on;
        SET default_transaction_isolation = 'read committed';
        SET default_transaction_read_only = off;
        SET enable_seqscan = off;
        SET enable_hashjoin = off;
        SET enable_mergejoin = off;
        SET jit = off;
        SET statement_timeout = {0};
        SET lock_timeout = {0};
        SELECT pg_is_in_recovery(), current_setting('fsync'), current_setting('synchronous_standby_names'),
               (SELECT system_identifier FROM pg_control_system()),
               CASE WHEN pg_is_in_recovery() THEN '' ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8) END,
               pg_snapshot_xmax(pg_current_snapshot())::text
        """;

    private readonly NpgsqlDataSource _source = Build(options);
    private readonly DatabaseGuard _guard = new();
    private readonly string _prepare = Prepare.Replace(
        "{0}", options.CommandTimeout.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture),
        StringComparison.Ordinal);

    /// <summary>Checks that the database never goes back in time.</summary>
    public DatabaseGuard Guard => _guard;

    /// <summary>Opens a connection to a primary with the expected schema.</summary>
    /// <exception cref="NpgsqlException">The database cannot be reached, or refuses the connection.</exception>
    /// <exception cref="PostgresStoreException">The database was reached but cannot serve as a store.</exception>
    public async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = await OpenForUpgradeAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var version = await SchemaUpgrade.ReadVersionAsync(connection, options.Schema, cancellationToken)
                .ConfigureAwait(false);
            SchemaUpgrade.RefuseNewer(version);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Opens a connection to a primary with any schema.</summary>
    public async ValueTask<NpgsqlConnection> OpenForUpgradeAsync(CancellationToken cancellationToken)
    {
        var connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var acknowledged = _guard.Acknowledged;
            _guard.Admit(await InspectAsync(connection, cancellationToken).ConfigureAwait(false), acknowledged);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Closes every connection.</summary>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static NpgsqlDataSource Build(PostgresOptions options)
    {
        var connection = options.Address.ToConnection();
        connection.Pooling = false;
        connection.Enlist = false;
        connection.PersistSecurityInfo = false;
        connection.IncludeErrorDetail = false;
        connection.Timeout = (int)Math.Ceiling(options.ConnectTimeout.TotalSeconds);
        connection.CommandTimeout = (int)Math.Ceiling(options.CommandTimeout.TotalSeconds);
        connection.CancellationTimeout = -1; // do not wait: the server cancels a late statement by itself
        connection.KeepAlive = 0;
        connection.ApplicationName ??= "gateway";
        return new NpgsqlDataSourceBuilder(connection.ConnectionString).Build();
    }

    private async Task<DatabaseIdentity> InspectAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(_prepare, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (reader.GetBoolean(0))
            throw new PostgresStoreException(
                "The PostgreSQL store is a replica (in recovery). Set its address to that of the primary.");

        if (reader.GetString(1) != "on")
            throw new PostgresStoreException(
                "The PostgreSQL store runs with fsync = off: an acknowledged write may be lost. Turn fsync on.");

        return new DatabaseIdentity(
            reader.GetInt64(3),
            int.Parse(reader.GetString(4), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            ulong.Parse(reader.GetString(5), CultureInfo.InvariantCulture),
            reader.GetString(2).Length > 0);
    }
}
