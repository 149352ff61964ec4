using Gateway.Cluster.Clustering;
using Gateway.Limits.Model;
using Gateway.Storage.Postgres.Connections;
using Gateway.Storage.Postgres.Health;
using Npgsql;
using NpgsqlTypes;

namespace Gateway.Cluster.Clocks;

/// <summary>
/// The table in which the silos of a cluster publish by how much their clocks are ahead of the store's. It needs no
/// other silo to respond, so a starting silo can check its clock before it joins. Its methods must not run
/// concurrently.
/// </summary>
internal sealed class ClockBoard(
    PostgresDatabase database, ProcessClock clock, string cluster, string name) : IAsyncDisposable
{
    private NpgsqlConnection? _connection;
    private long? _aheadMs;

    /// <summary>
    /// Compares this clock, publishes the result, and reads the others'; returns null while the store does not respond.
    /// </summary>
    /// <param name="isMember">True if this silo owns counters, so that others compare with it.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<ClockReport?> CompareAsync(bool isMember, CancellationToken cancellationToken)
    {
        try
        {
            _connection ??= await database.Connections.OpenAsync(cancellationToken);
            return await ExchangeAsync(_connection, isMember, cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or PostgresStoreException or TimeoutException)
        {
            // The heartbeat reports the same failure more prominently.
            await DropAsync();
            return null;
        }
    }

    public ValueTask DisposeAsync() => DropAsync();

    private async Task<ClockReport?> ExchangeAsync(
        NpgsqlConnection connection, bool isMember, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(MembershipSql.Clocks, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = cluster },
                new NpgsqlParameter<string> { TypedValue = name },
                new NpgsqlParameter<bool> { TypedValue = isMember },
                new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bigint, Value = (object?)_aheadMs ?? DBNull.Value },
            },
        };
        var sentMs = clock.WallMs();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var comparison = new ClockComparison(sentMs, clock.WallMs(), reader.GetInt64(0));
        var peers = await reader.GetFieldValueAsync<long[]>(1, cancellationToken);
        var (aheadMs, provenMs) = (comparison.ProbablyAheadMs, comparison.ProvenAheadMs);
        _aheadMs = aheadMs;
        return new ClockReport(ClockEvaluator.IsWrong(provenMs, aheadMs, peers), provenMs == 0, aheadMs, peers.Length);
    }

    private async ValueTask DropAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        _connection = null;
    }
}

/// <summary>The result of comparing a silo's clock.</summary>
/// <param name="IsWrong">
/// True if it is off by more than a second compared with the store and most of the other silos.
/// </param>
/// <param name="IsRight">True if it agrees with the store's clock within a second.</param>
/// <param name="AheadMs">Milliseconds by which it is probably ahead of the store's clock; negative if behind.</param>
/// <param name="Peers">Number of other silos in the comparison.</param>
internal readonly record struct ClockReport(bool IsWrong, bool IsRight, long AheadMs, int Peers)
{
    /// <summary>The result in words.</summary>
    public string Text =>
        $"the clock of this node is {Math.Abs(AheadMs) / 1000.0:0.0} s {(AheadMs > 0 ? "ahead of" : "behind")} the "
        + $"store's clock and the clocks of most of the {Peers} other silos; synchronize it with NTP";
}
