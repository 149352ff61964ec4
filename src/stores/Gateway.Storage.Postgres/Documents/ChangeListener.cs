using Gateway.Storage.Postgres.Health;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gateway.Storage.Postgres.Documents;

/// <summary>
/// Receives notifications of changes by other processes on its own connection. Notifications only reduce the delay:
/// while the connection is lost, waiting callers poll.
/// </summary>
internal sealed partial class ChangeListener : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly PostgresDatabase _database;
    private readonly ControlSql _sql;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private volatile TaskCompletionSource _heard = NewSignal();

    public ChangeListener(PostgresDatabase database, ControlSql sql)
    {
        _database = database;
        _sql = sql;
        _logger = database.Loggers.CreateLogger<ChangeListener>();
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Completes with the next notification; take it before reading the revision.</summary>
    public Task Heard => _heard.Task;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ListenAsync().ConfigureAwait(false);
            }
            catch (Exception exception) when (!_stop.IsCancellationRequested)
            {
                LogDeaf(DatabaseLoss.Describe(_database.Options.Address, exception));
                await Task.Delay(RetryAfter, _database.Time, _stop.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync()
    {
        await using var connection = await _database.Connections.OpenAsync(_stop.Token).ConfigureAwait(false);
        connection.Notification += (_, notification) =>
        {
            if (notification.Payload == _database.Options.Schema) Signal();
        };
        await using (var listen = new NpgsqlCommand(_sql.Listen, connection))
            await listen.ExecuteNonQueryAsync(_stop.Token).ConfigureAwait(false);

        // Changes made before this connection listened are found now.
        Signal();
        await using var look = new NpgsqlCommand(_sql.Revision, connection);
        while (true)
        {
            if (await connection.WaitAsync(LookEvery, _stop.Token).ConfigureAwait(false)) continue;
            await look.ExecuteScalarAsync(_stop.Token).ConfigureAwait(false);
        }
    }

    private void Signal() => Interlocked.Exchange(ref _heard, NewSignal()).TrySetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(
        LogLevel.Debug, "Changes of control documents are found by polling, because notifications failed: {Reason}")]
    private partial void LogDeaf(string reason);
}
