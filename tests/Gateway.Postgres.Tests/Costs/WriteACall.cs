using Npgsql;

namespace Gateway.Postgres.Tests.Costs;

/// <summary>
/// What is usually built instead: one row a counter, and a statement a call that adds one to it if it is below the
/// maximum, committed before the call goes on. For comparison only.
/// </summary>
internal sealed class WriteACall : IAsyncDisposable
{
    private const int Connections = 32;
    private readonly NpgsqlDataSource _source;

    private WriteACall(NpgsqlDataSource source) => _source = source;

    public static async Task<WriteACall> StartAsync(PostgresCluster cluster, int spread)
    {
        var connection = PostgresAddress.Parse(cluster.Url()).ToConnection();
        (connection.MaxPoolSize, connection.MaxAutoPrepare) = (Connections, 1);
        var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand($"""
            DROP TABLE IF EXISTS write_a_call;
            CREATE TABLE write_a_call (id int PRIMARY KEY, used bigint NOT NULL) WITH (fillfactor = 50);
            INSERT INTO write_a_call SELECT i, 0 FROM generate_series(0, {spread - 1}) AS i;
            """);
        await command.ExecuteNonQueryAsync();
        return new WriteACall(source);
    }

    /// <summary>Calls by so many callers at once; how many were admitted a second.</summary>
    public async Task<double> RateAsync(int callers, int spread, int seconds)
    {
        var time = TimeProvider.System;
        var began = time.GetTimestamp();
        var length = TimeSpan.FromSeconds(seconds);
        var admitted = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            var count = 0;
            for (; time.GetElapsedTime(began) < length; count++)
                Assert.Equal(1, await AddAsync(random.Next(spread)));
            return count;
        })));
        return admitted.Sum() / time.GetElapsedTime(began).TotalSeconds;
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<int> AddAsync(int id)
    {
        await using var command = _source.CreateCommand(
            "UPDATE write_a_call SET used = used + 1 WHERE id = $1 AND used < 1000000000");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = id });
        return await command.ExecuteNonQueryAsync();
    }
}
