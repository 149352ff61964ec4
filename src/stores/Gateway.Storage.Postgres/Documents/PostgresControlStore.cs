using Gateway.Control.Documents;
using Gateway.Storage.Postgres.Connections;
using Gateway.Storage.Postgres.Health;
using Npgsql;
using NpgsqlTypes;

namespace Gateway.Storage.Postgres.Documents;

/// <summary>
/// Control documents in a table, shared by every process on this database and schema. Notifications announce changes,
/// and polling finds them within half a second if none arrives.
/// </summary>
public sealed class PostgresControlStore : IControlStore, IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private readonly ControlConnection _connection;
    private readonly ChangeListener _listener;
    private readonly ControlSql _sql;
    private readonly TimeProvider _time;

    /// <summary>Creates the store on this database. The caller closes the database, after the store.</summary>
    public PostgresControlStore(PostgresDatabase database)
    {
        ArgumentNullException.ThrowIfNull(database);
        _time = database.Time;
        _sql = new ControlSql(database.Options.Schema);
        _connection = new ControlConnection(database);
        _listener = new ChangeListener(database, _sql);
        Archive = new PostgresArchive(_connection, _sql);
    }

    /// <inheritdoc/>
    public bool IsShared => true;

    /// <inheritdoc/>
    public IArchive Archive { get; }

    /// <inheritdoc/>
    public ValueTask<ControlSnapshot> ReadAsync(CancellationToken cancellationToken) =>
        _connection.RunAsync(ReadAsync, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ControlWrite> ChangeAsync(
        ControlKey key, long expectedVersion, byte[]? content, CancellationToken cancellationToken) =>
        _connection.RunAsync((connection, stop) => ChangeAsync(connection, key, expectedVersion, content, stop),
            cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<long> WaitAsync(long revision, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        while (true)
        {
            // Take the signal before reading the revision, so that a change in between completes the awaited signal.
            var heard = _listener.Heard;
            var left = atMost - _time.GetElapsedTime(began);
            var now = await _connection.RunAsync(ReadRevisionAsync, cancellationToken).ConfigureAwait(false);
            if (now != revision || left <= TimeSpan.Zero) return now;
            await heard.WaitAsync(left < LookEvery ? left : LookEvery, _time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync().ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<ControlWrite> ChangeAsync(
        NpgsqlConnection connection, ControlKey key, long expectedVersion, byte[]? content, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(_sql.Change, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = key.Kind },
                new NpgsqlParameter<string> { TypedValue = key.Name },
                new NpgsqlParameter<long> { TypedValue = expectedVersion },
                new NpgsqlParameter { Value = (object?)content ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
        await reader.ReadAsync(stop).ConfigureAwait(false);
        var write = new ControlWrite(reader.GetBoolean(0), reader.GetInt64(1));
        await reader.NextResultAsync(stop).ConfigureAwait(false);
        return write;
    }

    private async Task<ControlSnapshot> ReadAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(_sql.Read, connection);
        return await ReadAsync(command, stop).ConfigureAwait(false);
    }

    /// <summary>Reads the documents that <see cref="ControlSql.Read"/> returns.</summary>
    internal static async Task<ControlSnapshot> ReadAsync(NpgsqlCommand command, CancellationToken stop)
    {
        await using var reader = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
        var documents = new List<ControlDocument>();
        var revision = -1L;
        while (await reader.ReadAsync(stop).ConfigureAwait(false))
        {
            revision = reader.GetInt64(0);
            if (reader.IsDBNull(1)) continue;
            var key = new ControlKey(reader.GetString(1), reader.GetString(2));
            documents.Add(new ControlDocument(key, reader.GetInt64(3), reader.GetFieldValue<byte[]>(4)));
        }

        if (revision < 0) throw new PostgresStoreException("The control store has no revision. Restore its tables from "
            + "a backup.");
        return new ControlSnapshot(revision, documents);
    }

    private async Task<long> ReadRevisionAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(_sql.Revision, connection);
        return await command.ExecuteScalarAsync(stop).ConfigureAwait(false) as long?
            ?? throw new PostgresStoreException("The control store has no revision. Restore its tables from a backup.");
    }
}
