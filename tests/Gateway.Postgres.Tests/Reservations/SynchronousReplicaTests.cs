namespace Gateway.Postgres.Tests.Reservations;

public sealed class SynchronousReplicaTests
{
    [ClusterFact]
    public async Task A_write_that_no_replica_has_confirmed_is_not_credited_by_a_read()
    {
        await using var cluster = await PostgresCluster.StartNewAsync();
        var options = new PostgresOptions
        {
            Address = PostgresAddress.Parse(cluster.Url()),
            CommandTimeout = TimeSpan.FromSeconds(5),
        };
        var key = StoreBench.Key("calls", 86_400);
        Reservation first;
        await using (var before = await StoreBench.OpenAsync(options))
        {
            first = before.Record(StoreBench.StartMs(key), 1);
            Assert.Equal(WriteOutcome.Ok, await before.WriteAsync(key, 0, first));
        }

        await WaitForReplicaAsync(options, "nobody");
        await using var bench = await StoreBench.OpenAsync(options);
        var second = bench.Record(first.WindowStartMs, 2) with { Nonce = 2 };
        Assert.Equal(WriteOutcome.Unknown, await bench.WriteAsync(key, first.Nonce, second));

        // Its wait ends without the replica: the record is now visible here, and would be gone after a fail-over.
        await SharedDatabase.AskAsync(
            options, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
        await Soon.UntilAsync(async () => await SharedDatabase.AskAsync(
            options, "SELECT reserved = 2 FROM gateway.reservations") is true, "the write is visible");
        for (var i = 0; i < 2; i++) Assert.Equal(ReservationRead.Unavailable, await bench.ReadAsync(key));

        await WaitForReplicaAsync(options, "");
        var read = ReservationRead.Unavailable;
        await Soon.UntilAsync(
            async () => (read = await bench.ReadAsync(key)).Outcome == ReadOutcome.Found, "the write is confirmed");
        Assert.Equal(second, read.Record);
    }

    private static async Task WaitForReplicaAsync(PostgresOptions options, string name)
    {
        await SharedDatabase.AskAsync(options, $"ALTER SYSTEM SET synchronous_standby_names = '{name}'");
        await SharedDatabase.AskAsync(options, "SELECT pg_reload_conf()");
        await Soon.UntilAsync(async () => await SharedDatabase.AskAsync(
            options, "SELECT current_setting('synchronous_standby_names')") is string now && now == name, "reloaded");
    }
}
