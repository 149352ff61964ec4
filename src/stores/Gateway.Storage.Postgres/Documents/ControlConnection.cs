using Gateway.Control.Documents;
using Gateway.Storage.Postgres.Health;
using Npgsql;

namespace Gateway.Storage.Postgres.Documents;

/// <summary>
/// The single connection of a control store. Statements take turns, and a broken connection is replaced.
/// </summary>
internal sealed class ControlConnection(PostgresDatabase database) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private NpgsqlConnection? _connection;
    private int _epoch;

    /// <summary>Runs one statement on the connection.</summary>
    /// <exception cref="ControlStoreException">The database cannot be reached, or refuses the statement.</exception>
    public async ValueTask<T> RunAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> statement, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
            return await statement(connection, cancellationToken).ConfigureAwait(false);
        }
        // The driver also reports some of its own timeouts as a cancellation.
        catch (Exception exception)
            when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            await DropAsync().ConfigureAwait(false);
            if (exception is NpgsqlException) database.Health.Suspect();
            var reason = DatabaseLoss.Describe(exception);
            throw new ControlStoreException($"The control documents are not available: {reason}", exception);
        }
        catch (OperationCanceledException)
        {
            // Data of the failed statement that is still on the connection must not reach the next one.
            await DropAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        await DropAsync().ConfigureAwait(false);
        _turn.Dispose();
    }

    private async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var epoch = database.Health.Epoch;
        if (_connection is not null && _epoch == epoch) return _connection;
        await DropAsync().ConfigureAwait(false);
        _connection = await database.Connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        _epoch = epoch;
        return _connection;
    }

    private async ValueTask DropAsync()
    {
        if (_connection is null) return;
        await _connection.DisposeAsync().ConfigureAwait(false);
        _connection = null;
    }
}
