namespace Gateway.Postgres.Tests.Reservations;

[Collection(DatabaseCollection.Name)]
public sealed class LossTests(SharedDatabase shared)
{
    [ClusterFact]
    public async Task A_write_whose_reply_was_lost_is_unknown_and_found_by_its_nonce()
    {
        await using var proxy = new TcpProxy(shared.Cluster.Port);
        await using var bench = await StoreBench.OpenAsync(ThroughProxy(proxy) with { Writers = 1 });
        var key = StoreBench.Key("calls", 3600);
        var first = bench.Record(StoreBench.StartMs(key), 1);
        await bench.WriteAsync(key, 0, first);

        // The heartbeat may lose its reply first, and then nothing is sent: tried until a write did arrive.
        await Soon.UntilAsync(async () =>
        {
            var last = (await bench.ReadAsync(key)).Record;
            first = bench.Record(first.WindowStartMs, 2);
            if (await bench.WriteAsync(key, last.Nonce, first) != WriteOutcome.Ok) return false;
            var second = bench.Record(first.WindowStartMs, 3);
            proxy.Mode = ProxyMode.LoseReplies;
            Assert.Equal(WriteOutcome.Unknown, await bench.WriteAsync(key, first.Nonce, second));

            proxy.Mode = ProxyMode.Pass;
            var read = ReservationRead.Unavailable;
            await Soon.UntilAsync(
                async () => (read = await bench.ReadAsync(key)).Outcome == ReadOutcome.Found, "the store answers");
            return read.Record == second;
        }, "a write that arrives while its reply is lost");
        // Sessions that writes go over may still wait for a reply that was lost, when reads are answered again.
        var late = WriteOutcome.Unknown;
        await Soon.UntilAsync(
            async () => (late = await bench.WriteAsync(key, first.Nonce, bench.Record(first.WindowStartMs, 4)))
                != WriteOutcome.Unknown,
            "a write is answered");
        Assert.Equal(WriteOutcome.Conflict, late);
    }

    [ClusterFact]
    public async Task Denies_at_once_while_the_database_is_out_of_reach_and_goes_on_when_it_is_back()
    {
        await using var proxy = new TcpProxy(shared.Cluster.Port);
        await using var bench = await StoreBench.OpenAsync(ThroughProxy(proxy));
        var key = StoreBench.Key("calls", 3600);
        await bench.WriteAsync(key, 0, bench.Record(StoreBench.StartMs(key), 1));
        Assert.True(bench.Database.IsHealthy);

        proxy.Mode = ProxyMode.Refuse;
        proxy.CutAll();
        await Soon.UntilAsync(() => !bench.Database.IsHealthy, "the loss is noticed");
        Assert.Contains("cannot be reached", bench.Database.Fault, StringComparison.Ordinal);
        Assert.DoesNotContain("p@ss", bench.Database.Fault, StringComparison.Ordinal);
        Assert.DoesNotContain(proxy.Port.ToString(CultureInfo.InvariantCulture), bench.Database.Fault,
            StringComparison.Ordinal);
        var read = bench.ReadAsync(key).AsTask();
        Assert.True(read.IsCompleted);
        Assert.Equal(ReservationRead.Unavailable, await read);
        var write = bench.WriteAsync(key, 1, bench.Record(StoreBench.StartMs(key), 2)).AsTask();
        Assert.True(write.IsCompleted);
        Assert.Equal(WriteOutcome.Unknown, await write);

        proxy.Mode = ProxyMode.Pass;
        await Soon.UntilAsync(() => bench.Database.IsHealthy, "the return is noticed");
        await Soon.UntilAsync(
            async () => (await bench.ReadAsync(key)).Outcome == ReadOutcome.Found, "the record is read again");
    }

    [ClusterFact]
    public async Task Tries_to_reach_a_database_that_refuses_at_intervals()
    {
        await using var proxy = new TcpProxy(shared.Cluster.Port);
        await using var bench = await StoreBench.OpenAsync(ThroughProxy(proxy));
        proxy.Mode = ProxyMode.Refuse;
        proxy.CutAll();
        await Soon.UntilAsync(() => !bench.Database.IsHealthy, "the loss is noticed");

        var began = TimeProvider.System.GetTimestamp();
        var before = proxy.Accepted;
        await Soon.UntilAsync(() => proxy.Accepted >= before + 10, "ten more tries");

        // From at least 25 ms they double up to at least 250 ms.
        Assert.True(TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(1));
    }

    [ClusterFact]
    public async Task A_partition_ends_what_was_sent_as_unknown()
    {
        await using var proxy = new TcpProxy(shared.Cluster.Port);
        await using var bench = await StoreBench.OpenAsync(ThroughProxy(proxy));
        var key = StoreBench.Key("calls", 3600);
        var first = bench.Record(StoreBench.StartMs(key), 1);
        await bench.WriteAsync(key, 0, first);
        await bench.WriteAsync(key, first.Nonce, first = bench.Record(first.WindowStartMs, 2));

        proxy.Mode = ProxyMode.LoseAll;
        Assert.Equal(
            WriteOutcome.Unknown, await bench.WriteAsync(key, first.Nonce, bench.Record(first.WindowStartMs, 3)));
        await Soon.UntilAsync(() => !bench.Database.IsHealthy, "the partition is noticed");

        proxy.Mode = ProxyMode.Pass;
        await Soon.UntilAsync(() => bench.Database.IsHealthy, "the return is noticed");
        var read = ReservationRead.Unavailable;
        await Soon.UntilAsync(
            async () => (read = await bench.ReadAsync(key)).Outcome == ReadOutcome.Found, "the record is read again");
        Assert.Equal(first, read.Record);
    }

    [ClusterFact]
    public async Task A_session_that_the_server_ends_costs_no_more_than_its_own_batch()
    {
        await using var bench = await StoreBench.OpenAsync(shared.NewOptions());
        var key = StoreBench.Key("calls", 3600);
        var first = bench.Record(StoreBench.StartMs(key), 1);
        await bench.WriteAsync(key, 0, first);
        await bench.WriteAsync(key, first.Nonce, first = bench.Record(first.WindowStartMs, 2));
        await SharedDatabase.AskAsync(
            bench.Options,
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE '%"
            + bench.Options.Schema + ".reservations%' AND pid <> pg_backend_pid()");

        var second = bench.Record(first.WindowStartMs, 3);
        var outcome = await bench.WriteAsync(key, first.Nonce, second);
        await Soon.UntilAsync(async () =>
        {
            if (outcome == WriteOutcome.Unknown) outcome = await bench.WriteAsync(key, first.Nonce, second);
            return outcome == WriteOutcome.Ok;
        }, "a write after the sessions ended");
        Assert.Equal(second, (await bench.ReadAsync(key)).Record);
    }

    private PostgresOptions ThroughProxy(TcpProxy proxy) => shared.NewOptions() with
    {
        Address = PostgresAddress.Parse(shared.Cluster.Url(proxy.Port)),
        // What a write takes on a busy machine is far below it, and what is lost is waited for as long.
        CommandTimeout = TimeSpan.FromSeconds(5),
        ConnectTimeout = TimeSpan.FromSeconds(5),
    };
}
