using Gateway.Control.Updating;
using Gateway.Storage.Postgres.Health;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gateway.Storage.Postgres.Reservations;

/// <summary>
/// Deletes the records of windows that ended some time ago, so that counters of ended sessions do not accumulate. Every
/// process does this and skips rows that another one has locked.
/// </summary>
internal sealed partial class ExpiryCleaner : IAsyncDisposable
{
    /// <summary>Maximum records in one transaction, so that no lock is held for long.</summary>
    private const int RowsMax = 1000;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly PostgresDatabase _database;
    private readonly string _sql;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public ExpiryCleaner(PostgresDatabase database, string sql)
    {
        _database = database;
        _sql = sql;
        _logger = database.Loggers.CreateLogger<ExpiryCleaner>();
        _loop = database.Time.RepeatAsync(Interval, TrySweepAsync, _stop.Token);
    }

    /// <summary>Deletes the finished records; returns their number.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _database.Connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var command = new NpgsqlCommand(_sql, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<long> { TypedValue = (long)_database.Options.KeepFinished.TotalMilliseconds },
                new NpgsqlParameter<int> { TypedValue = RowsMax },
            },
        };
        var total = 0;
        while (true)
        {
            var rows = await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            total += rows;
            if (rows < RowsMax) return total;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task TrySweepAsync(CancellationToken cancellationToken)
    {
        if (_database.Fault is not null) return;
        try
        {
            await SweepAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogSweepFailed(DatabaseLoss.Describe(_database.Options.Address, exception));
        }
    }

    [LoggerMessage(LogLevel.Warning, "Finished reservations could not be deleted and will be retried: {Reason}")]
    private partial void LogSweepFailed(string reason);
}
