using Gateway.Storage.Postgres.Connections;
using Npgsql;
using NpgsqlTypes;

namespace Gateway.Storage.Postgres.Batching;

/// <summary>
/// A connection and a statement that the server has parsed once. Parameters are lists that are filled anew for each
/// batch.
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

    /// <summary>Takes the connection over, prepares the statement, and closes the connection if that fails.</summary>
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

    /// <summary>A parameter that takes a list.</summary>
    public static NpgsqlParameter<List<T>> ListOf<T>(List<T> values, NpgsqlDbType elements) =>
        new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | elements };

    public async Task<NpgsqlDataReader> ExecuteAsync(CancellationToken cancellationToken)
    {
        _wasWarned = false;
        return await Command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// To be asked once the whole answer is read. A commit that gave up waiting for its synchronous replica reports
    /// success, with a warning before it.
    /// </summary>
    /// <exception cref="PostgresStoreException">The server gave a warning.</exception>
    public void RefuseWarned()
    {
        if (_wasWarned) throw new PostgresStoreException("The database acknowledged a write with a warning only.");
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
