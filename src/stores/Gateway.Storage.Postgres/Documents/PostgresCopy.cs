using System.Data;
using System.Runtime.CompilerServices;
using Gateway.Control.Documents;
using Gateway.Control.Storage;
using Gateway.Limits.Model;
using Gateway.Limits.Windows;
using Gateway.Storage.Postgres.Connections;
using Gateway.Storage.Postgres.Health;
using Gateway.Storage.Postgres.Reservations;
using Npgsql;
using NpgsqlTypes;

namespace Gateway.Storage.Postgres.Documents;

/// <summary>An entry of the archive.</summary>
public readonly record struct ArchivedEntry(string Topic, long Number, byte[] Content);

/// <summary>
/// The control documents and the archive of a database, for backups: read as of one moment while gateways write, and
/// replaced in one transaction.
/// </summary>
public sealed class PostgresCopy : IAsyncDisposable
{
    private readonly PostgresOptions _options;
    private readonly ConnectionFactory _connections;
    private readonly NpgsqlConnection _connection;
    private NpgsqlTransaction? _reading;

    private PostgresCopy(PostgresOptions options, ConnectionFactory connections, NpgsqlConnection connection) =>
        (_options, _connections, _connection) = (options, connections, connection);

    private string Schema => _options.Schema;

    /// <summary>Connects to a database.</summary>
    /// <param name="url">The database's address.</param>
    /// <param name="makesTables">True to create missing tables; otherwise some must exist.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <param name="mayBeEmpty">True if there may be no tables and none are created.</param>
    /// <exception cref="PostgresStoreException">
    /// The database cannot be reached, or has no tables of a gateway.
    /// </exception>
    public static async Task<PostgresCopy> OpenAsync(
        string url, bool makesTables, CancellationToken cancellationToken, bool mayBeEmpty = false)
    {
        // A statement may take as long as the largest store requires.
        var options = new PostgresOptions
        {
            Address = PostgresAddress.Parse(url),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            CommandTimeout = TimeSpan.FromMinutes(10),
        };
        var connections = new ConnectionFactory(options);
        try
        {
            if (makesTables)
                await SchemaUpgrade.RunAsync(connections, options.Schema, cancellationToken).ConfigureAwait(false);
            var connection = await connections.OpenAsync(cancellationToken).ConfigureAwait(false);
            var copy = new PostgresCopy(options, connections, connection);
            return mayBeEmpty || await copy.HasTableAsync("control_documents", cancellationToken).ConfigureAwait(false)
                ? copy
                : throw new PostgresStoreException(
                    $"{options.Address} has no tables of a gateway in the schema \"{options.Schema}\". Check the URL.");
        }
        catch (Exception e)
        {
            await connections.DisposeAsync().ConfigureAwait(false);
            if (e is not (NpgsqlException or TimeoutException)) throw;
            throw new PostgresStoreException(DatabaseLoss.Describe(options.Address, e), e);
        }
    }

    /// <summary>Address of the database, without a password.</summary>
    public string Place => _options.Address.Text;

    /// <summary>
    /// Reads the documents as of one moment, to which <see cref="ReadArchiveAsync"/> then refers as well.
    /// </summary>
    /// <exception cref="PostgresStoreException">The database has lost its revision.</exception>
    public async Task<ControlSnapshot> ReadDocumentsAsync(CancellationToken cancellationToken)
    {
        _reading ??= await _connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken)
            .ConfigureAwait(false);
        await using var command = new NpgsqlCommand(new ControlSql(Schema).Read, _connection, _reading);
        return await PostgresControlStore.ReadAsync(command, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the archive as of the moment of the documents.</summary>
    public async IAsyncEnumerable<ArchivedEntry> ReadArchiveAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A database that only earlier releases used has no archive.
        if (!await HasTableAsync("control_archive", cancellationToken).ConfigureAwait(false)) yield break;
        await using var command = new NpgsqlCommand(
            $"SELECT shelf, number, content FROM {Schema}.control_archive ORDER BY shelf, "
                + "number", _connection, _reading);
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken)
            .ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            yield return new ArchivedEntry(reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2));
    }

    /// <summary>Returns true if the database was never written.</summary>
    public async Task<bool> IsEmptyAsync(CancellationToken cancellationToken)
    {
        if (!await HasTableAsync("control_archive", cancellationToken).ConfigureAwait(false)) return true;
        await using var command = new NpgsqlCommand(
            $"SELECT (SELECT revision FROM {Schema}.control_revision) = 0 "
            + $"AND NOT EXISTS (SELECT FROM {Schema}.control_documents) "
            + $"AND NOT EXISTS (SELECT FROM {Schema}.control_archive) "
            + $"AND NOT EXISTS (SELECT FROM {Schema}.reservations)", _connection);
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true;
    }

    /// <summary>Lists the addresses of gateways that are connected to this database.</summary>
    public async Task<IReadOnlyList<string>> UsersAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT DISTINCT coalesce(host(client_addr), 'this machine') FROM pg_stat_activity "
            + "WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'gateway'",
            _connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var users = new List<string>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            users.Add(reader.GetString(0));
        return users;
    }

    /// <summary>Reads the mark of a migration; null if there is none.</summary>
    public Task<MigrationMark?> ReadMarkAsync(CancellationToken cancellationToken) =>
        MigrationTable.ReadAsync(_connection, Schema, cancellationToken);

    /// <summary>
    /// Writes the mark of a migration; null removes it. Once a database has moved away, no process of any release can
    /// write a record or a document to it.
    /// </summary>
    public async Task WriteMarkAsync(MigrationMark? mark, CancellationToken cancellationToken)
    {
        await using var all = await _connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await MigrationTable.WriteAsync(_connection, Schema, mark, cancellationToken).ConfigureAwait(false);
        await all.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Prevents gateways from starting on content that arrived by a migration; returns false if one has started
    /// already.
    /// </summary>
    public async Task<bool> TryReclaimAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"UPDATE {Schema}.migration SET state = '{MigrationState.Incoming}' "
            + $"WHERE state IN ('{MigrationState.Arrived}', '{MigrationState.Incoming}')", _connection);
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) == 1;
    }

    /// <summary>Reads the counters as of the moment of the documents.</summary>
    /// <param name="nowMs">The present time.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    public async Task<StoredCounters> ReadCountersAsync(long nowMs, CancellationToken cancellationToken)
    {
        var records = new List<KeyValuePair<CounterKey, Reservation>>();
        var hasUnknown = false;
        await using (var command = new NpgsqlCommand(
            "SELECT counter_key, window_start_ms, reserved, nonce, entries, window_end_ms "
            + $"FROM {Schema}.reservations", _connection, _reading))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                if (CounterKeyReader.TryRead(reader.GetString(0), out var key)
                    && StoredNumbers.TryReadRecord(reader, 1, out var record))
                {
                    records.Add(KeyValuePair.Create(key!, record));
                }
                else
                    hasUnknown = true;
            }
        }

        await using var floor = new NpgsqlCommand(
            $"SELECT floor_ms, closed_before_ms FROM {Schema}.reservation_floor", _connection, _reading);
        await using var row = await floor.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        if (!await row.ReadAsync(cancellationToken).ConfigureAwait(false))
            throw new PostgresStoreException($"{Place} has no row in reservation_floor. Restore that table from a "
                + "backup.");
        var closedMs = row.GetInt64(1);
        // A long key is stored as a hash, so its count cannot be assigned to its counter.
        if (hasUnknown)
            closedMs = Math.Max(closedMs, nowMs + (2 * ClockBounds.EpsilonMs));
        return new StoredCounters(records, row.GetInt64(0), closedMs);
    }

    /// <summary>Replaces the entire content of the database in one transaction.</summary>
    /// <param name="documents">The documents, with their revision.</param>
    /// <param name="archive">The archive.</param>
    /// <param name="counters">The counters.</param>
    /// <param name="mark">The mark of the migration; null for none.</param>
    /// <param name="cancellationToken">Cancels the operation; nothing is changed then.</param>
    public async Task ReplaceAsync(
        ControlSnapshot documents, IEnumerable<ArchivedEntry> archive, StoredCounters counters, MigrationMark? mark,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentNullException.ThrowIfNull(archive);
        ArgumentNullException.ThrowIfNull(counters);
        await using var all = await _connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        // A fence would refuse the following statements.
        await MigrationTable.WriteAsync(_connection, Schema, null, cancellationToken).ConfigureAwait(false);
        // Releases that do not know closed windows must not count in them.
        var versions = counters.ClosedBeforeMs > long.MinValue ? SchemaSql.RestoredMark : 0;
        await ExecuteAsync(
            $"LOCK TABLE {Schema}.control_revision, {Schema}.control_documents, "
            + $"{Schema}.control_archive, {Schema}.reservations, {Schema}.reservation_floor; "
            + $"DELETE FROM {Schema}.control_documents; DELETE FROM {Schema}.control_archive; "
            + $"DELETE FROM {Schema}.reservations; "
            + $"UPDATE {Schema}.control_revision SET revision = {documents.Revision}; "
            + $"UPDATE {Schema}.reservation_floor SET floor_ms = greatest(floor_ms, {counters.FloorMs}), "
            + $"closed_before_ms = {counters.ClosedBeforeMs}; "
            + $"UPDATE {Schema}.schema_version "
            + $"SET version = {versions} + version % {SchemaSql.RestoredMark}").ConfigureAwait(false);
        await CopyAsync("control_documents", documents.Documents, async (row, one) =>
        {
            await row.WriteAsync(one.Key.Kind, NpgsqlDbType.Text, cancellationToken).ConfigureAwait(false);
            await row.WriteAsync(one.Key.Name, NpgsqlDbType.Text, cancellationToken).ConfigureAwait(false);
            await row.WriteAsync(one.Version, NpgsqlDbType.Bigint, cancellationToken).ConfigureAwait(false);
            await row.WriteAsync(one.Content.ToArray(), NpgsqlDbType.Bytea, cancellationToken).ConfigureAwait(false);
        }).ConfigureAwait(false);
        await CopyAsync("control_archive", archive, async (row, one) =>
        {
            await row.WriteAsync(one.Topic, NpgsqlDbType.Text, cancellationToken).ConfigureAwait(false);
            await row.WriteAsync(one.Number, NpgsqlDbType.Bigint, cancellationToken).ConfigureAwait(false);
            await row.WriteAsync(one.Content, NpgsqlDbType.Bytea, cancellationToken).ConfigureAwait(false);
        }).ConfigureAwait(false);
        await CopyAsync("reservations", counters.Records,
            (row, one) => WriteAsync(row, one.Key, one.Value, cancellationToken)).ConfigureAwait(false);
        await MigrationTable.WriteAsync(_connection, Schema, mark, cancellationToken).ConfigureAwait(false);
        await all.CommitAsync(cancellationToken).ConfigureAwait(false);

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, _connection, all);
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }

        async Task CopyAsync<T>(string table, IEnumerable<T> rows, Func<NpgsqlBinaryImporter, T, Task> write)
        {
            await using var import = await _connection.BeginBinaryImportAsync(
                $"COPY {Schema}.{table} FROM STDIN (FORMAT BINARY)", cancellationToken).ConfigureAwait(false);
            foreach (var row in rows)
            {
                await import.StartRowAsync(cancellationToken).ConfigureAwait(false);
                await write(import, row).ConfigureAwait(false);
            }

            await import.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_reading is not null) await _reading.DisposeAsync().ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
        await _connections.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task WriteAsync(
        NpgsqlBinaryImporter row, CounterKey key, Reservation record, CancellationToken cancellationToken)
    {
        await row.WriteAsync(StoredKey.Of(key), NpgsqlDbType.Text, cancellationToken).ConfigureAwait(false);
        await row.WriteAsync(record.WindowStartMs, NpgsqlDbType.Bigint, cancellationToken).ConfigureAwait(false);
        await row.WriteAsync(key.RecordEndMs(record), NpgsqlDbType.Bigint, cancellationToken).ConfigureAwait(false);
        await row.WriteAsync(StoredNumbers.ToStored(record.Reserved), NpgsqlDbType.Numeric, cancellationToken)
            .ConfigureAwait(false);
        await row.WriteAsync(Guid.NewGuid(), NpgsqlDbType.Uuid, cancellationToken).ConfigureAwait(false);
        if (record.Entries is { } entries)
            await row.WriteAsync(entries.ToBytes(), NpgsqlDbType.Bytea, cancellationToken).ConfigureAwait(false);
        else
            await row.WriteNullAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> HasTableAsync(string table, CancellationToken cancellationToken)
    {
        await using var find = new NpgsqlCommand(
            $"SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = '{Schema}' AND tablename = '{table}')",
            _connection, _reading);
        return await find.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true;
    }
}
