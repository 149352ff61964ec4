using Gateway.Storage.Postgres.Connections;
using Npgsql;
using NpgsqlTypes;

namespace Gateway.Storage.Postgres.Batching;

/// <summary>
/// A connection with a prepared statement. Its parameters are lists that are refilled for each batch.
/// </summary>
internal sealed class PreparedStatement : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private bool _wasWarned;

    private PreparedStatement(NpgsqlConnection connection, string sql)
    {
        _connection = connection;
        Command = new NpgsqlCommand(sql, connection);
        _connection.Notice += OnNotice;
    }

    public NpgsqlCommand Command { get; }

    /// <summary>
    /// Takes ownership of the connection and prepares the statement; closes the connection if that fails.
    /// </summary>
    public static async Task<PreparedStatement> PrepareAsync(
        NpgsqlConnection connection, string sql, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        var statement = new PreparedStatement(connection, sql);
        try
        {
            statement.Command.Parameters.AddRange(parameters);
            await statement.Command.PrepareAsync(cancellationToken).ConfigureAwait(false);
            return statement;
        }
        catch
        {
            await statement.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Returns a parameter for a list.</summary>
    public static NpgsqlParameter<List<T>> ListOf<T>(List<T> values, NpgsqlDbType elements) =>
        new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | elements };

    public async Task<NpgsqlDataReader> ExecuteAsync(CancellationToken cancellationToken)
    {
        _wasWarned = false;
        return await Command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Throws if the server sent a warning. Call this after reading the whole result: a commit that stopped waiting for
    /// its synchronous replica reports success, preceded by a warning.
    /// </summary>
    /// <exception cref="PostgresStoreException">The server sent a warning.</exception>
    public void RefuseWarned()
    {
        if (_wasWarned) throw new PostgresStoreException("The database acknowledged a write only with a warning.");
    }

    public async ValueTask DisposeAsync()
    {
        _connection.Notice -= OnNotice;
        await Command.DisposeAsync().ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    private void OnNotice(object sender, NpgsqlNoticeEventArgs notice) =>
        _wasWarned |= notice.Notice.InvariantSeverity is "WARNING";
}
