namespace Gateway.Postgres.Tests.Reservations;

public sealed class RestartTests
{
    [ClusterFact]
    public async Task What_was_acknowledged_survives_a_crash_of_the_database_under_load()
    {
        await using var cluster = await PostgresCluster.StartNewAsync();
        await using var bench = await StoreBench.OpenAsync(
            new PostgresOptions { Address = PostgresAddress.Parse(cluster.Url()) });
        var keys = Enumerable.Range(0, 50).Select(i => StoreBench.Key($"c{i}", 3600)).ToArray();
        using var stop = new CancellationTokenSource();
        var writers = keys.Select(key => CountAsync(bench, key, stop.Token)).ToArray();
        foreach (var mode in (string[])["immediate", "fast"])
        {
            var before = bench.Store.WriteBatches;
            await Soon.UntilAsync(() => bench.Store.WriteBatches > before + 200, "writes under way");
            await cluster.StopAsync(mode);
            await Soon.UntilAsync(() => !bench.Database.IsHealthy, "the loss is noticed");
            await cluster.StartAsync();
        }

        await Soon.UntilAsync(() => bench.Database.IsHealthy, "the return is noticed");
        await stop.CancelAsync();
        var acknowledged = await Task.WhenAll(writers);
        for (var i = 0; i < keys.Length; i++)
        {
            var (outcome, record) = await bench.ReadAsync(keys[i]);
            Assert.NotEqual(ReadOutcome.Unavailable, outcome);
            Assert.True(record.Reserved >= acknowledged[i], $"{record.Reserved} of {acknowledged[i]}");
        }

        Assert.Contains(acknowledged, count => count > 10);
    }

    [ClusterFact]
    public async Task Another_database_at_the_same_address_is_refused()
    {
        await using var first = await PostgresCluster.StartNewAsync();
        await using var second = await PostgresCluster.StartNewAsync();
        await using var proxy = new TcpProxy(first.Port);
        var options = new PostgresOptions { Address = PostgresAddress.Parse(first.Url(proxy.Port)) };
        await using var bench = await StoreBench.OpenAsync(options);
        await using var other = await SharedDatabase.OpenAsync(
            options with { Address = PostgresAddress.Parse(second.Url()) });

        proxy.Target = second.Port;
        proxy.CutAll();
        await Soon.UntilAsync(
            () => bench.Database.Fault?.Contains("another database", StringComparison.Ordinal) ?? false, "is noticed");
        proxy.Target = first.Port;
        proxy.CutAll();
        Assert.Equal(ReservationRead.Unavailable, await bench.ReadAsync(StoreBench.Key("calls")));
    }

    [ClusterFact]
    public async Task A_replica_is_refused_and_stays_so_when_it_is_promoted()
    {
        await using var primary = await PostgresCluster.StartNewAsync();
        await using var proxy = new TcpProxy(primary.Port);
        var options = new PostgresOptions { Address = PostgresAddress.Parse(primary.Url(proxy.Port)) };
        await using var bench = await StoreBench.OpenAsync(options);
        var key = StoreBench.Key("calls", 3600);
        await bench.WriteAsync(key, 0, bench.Record(StoreBench.StartMs(key), 1));
        await using var replica = await primary.StartReplicaAsync();

        proxy.Target = replica.Port;
        proxy.CutAll();
        await IsRefusedAsync("is a replica");
        await replica.PromoteAsync();
        await IsRefusedAsync("promoted");
        Assert.Equal(ReservationRead.Unavailable, await bench.ReadAsync(key));

        Task IsRefusedAsync(string why) => Soon.UntilAsync(
            () => bench.Database.Fault?.Contains(why, StringComparison.Ordinal) ?? false, "refused as " + why);
    }

    /// <summary>Counts up until told to stop; returns the highest count that was acknowledged.</summary>
    private static async Task<Int128> CountAsync(StoreBench bench, CounterKey key, CancellationToken stop)
    {
        Int128 acknowledged = 0;
        ulong nonce = 0;
        while (!stop.IsCancellationRequested)
        {
            await Task.Yield();
            var (outcome, record) = await bench.ReadAsync(key);
            if (outcome == ReadOutcome.Unavailable)
            {
                await Soon.UntilAsync(() => bench.Database.IsHealthy || stop.IsCancellationRequested, "healthy again");
                continue;
            }

            Assert.True(record.Reserved >= acknowledged, "an acknowledged write was lost");
            var next = new Reservation(StoreBench.StartMs(key), record.Reserved + 1, new UInt128(1, ++nonce));
            if (next.WindowStartMs < record.WindowStartMs) next = next with { WindowStartMs = record.WindowStartMs };
            if (await bench.WriteAsync(key, record.Nonce, next) == WriteOutcome.Ok) acknowledged = next.Reserved;
        }

        return acknowledged;
    }
}
