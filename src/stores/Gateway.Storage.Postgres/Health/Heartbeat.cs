using Gateway.Limits.Model;
using Gateway.Storage.Postgres.Connections;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Gateway.Storage.Postgres.Health;

/// <summary>
/// Reads the database's clock once a second on its own connection. While the database is lost, only the heartbeat tries
/// to reach it, at intervals that double up to half a second; everything else denies calls.
/// </summary>
internal sealed partial class Heartbeat(
    PostgresOptions options, ConnectionFactory connections, DatabaseHealth health, ProcessClock clock, ILogger logger)
    : IAsyncDisposable
{
    private const string Ask =
        "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint, pg_is_in_recovery()";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryMax = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stop = new();
    private readonly ILogger _logger = logger;
    private NpgsqlConnection? _connection;
    private string? _said;
    private Task _loop = Task.CompletedTask;

    /// <summary>Beats once, so that a wrong address fails the start, and continues in the background.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await BeatAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await DropAsync().ConfigureAwait(false);
            throw;
        }

        _loop = Task.Run(LoopAsync, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await DropAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        var retry = RetryMin;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                // A loss that is already known must not shorten the wait.
                var wait = health.IsReachable
                    ? health.WaitForLossAsync(Interval, clock.Timers, _stop.Token)
                    : Task.Delay(Jittered(retry), clock.Timers, _stop.Token);
                await wait.ConfigureAwait(false);
                await BeatAsync(_stop.Token).ConfigureAwait(false);
                retry = RetryMin;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whatever the failure, the database is not reliable until a heartbeat succeeds.
                await DropAsync().ConfigureAwait(false);
                health.Lost(DatabaseLoss.Describe(exception));
                retry = retry * 2 < RetryMax ? retry * 2 : RetryMax;
            }

            Say();
        }
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        var connection = _connection ??= await connections.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using var command = new NpgsqlCommand(Ask, connection);
        var (sentMs, wallSentMs) = (clock.NowMs(), clock.WallMs());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        var storeMs = reader.GetInt64(0);
        if (reader.GetBoolean(1)) throw new PostgresStoreException("The PostgreSQL store has become a replica.");

        // A clock that this result confirms may have gone back since it was read before sending.
        var isTrusted = clock.IsTrusted;
        var isConfirmed = options.ComparesClocks && clock.Witness(storeMs) && !isTrusted;
        var wall = new ClockComparison(wallSentMs, clock.WallMs(), storeMs);
        // The process's clock follows the wall clock slowly when that is set back, and not at all when it jumps ahead,
        // so both are compared.
        var ours = isConfirmed ? wall : new ClockComparison(sentMs, clock.NowMs(), storeMs);
        var aheadMs = Math.Abs(wall.ProbablyAheadMs) >= Math.Abs(ours.ProbablyAheadMs)
            ? wall.ProbablyAheadMs
            : ours.ProbablyAheadMs;
        if (!options.ComparesClocks)
        {
            health.Reached(null, aheadMs);
            return;
        }

        // A slow response shows little about when the other clock was read.
        if (clock.WallMs() - wallSentMs is >= 0 and < ClockBounds.EpsilonMs) clock.Compare(wall.ProbablyAheadMs);
        var fault = ours.Fault ?? wall.Fault ?? clock.Fault;
        health.Reached(fault, aheadMs);
    }

    private void Say()
    {
        var fault = health.Fault;
        if (fault == _said) return;
        if (fault is null) LogHealthy(options.Address);
        else LogFault(options.Address, fault);
        _said = fault;
    }

    private async ValueTask DropAsync()
    {
        if (_connection is null) return;
        await _connection.DisposeAsync().ConfigureAwait(false);
        _connection = null;
    }

    /// <summary>Returns between half and all of the time, so that a fleet does not reconnect in one instant.</summary>
    private static TimeSpan Jittered(TimeSpan time) => time * (0.5 + (Random.Shared.NextDouble() / 2));

    [LoggerMessage(LogLevel.Information, "The PostgreSQL store {Address} is available again.")]
    private partial void LogHealthy(PostgresAddress address);

    [LoggerMessage(LogLevel.Information, "Calls with limits cannot be counted in {Address}: {Fault}")]
    private partial void LogFault(PostgresAddress address, string fault);
}
