using Gateway.Control.Documents;
using Gateway.Storage.Postgres.Documents;

namespace Gateway.Postgres.Tests.Documents;

[Collection(DatabaseCollection.Name)]
public sealed class ControlStoreTests(SharedDatabase shared)
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(60);
    private static readonly ControlKey Bot = new(ControlKinds.Grants, "bot");

    [PostgresFact]
    public async Task A_change_by_one_process_wakes_another()
    {
        var options = shared.NewOptions();
        await using var one = await ControlBench.OpenAsync(options);
        await using var other = await ControlBench.OpenAsync(options);
        var waiting = other.Store.WaitAsync(0, LongEnough, CancellationToken.None).AsTask();

        var written = await one.Store.WriteAsync(Bot, 0, "{}"u8.ToArray(), CancellationToken.None);

        Assert.Equal(written.Version, await waiting);
        Assert.NotNull((await other.Store.ReadAsync(CancellationToken.None)).Find(Bot));
    }

    [PostgresFact]
    public async Task A_notification_alone_wakes_another_process()
    {
        var options = shared.NewOptions();
        await using var one = await ControlBench.OpenAsync(options);
        // Its clock stands still, so it reads the revision once and never polls.
        await using var other = await ControlBench.OpenAsync(
            options, new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
        var version = 0L;
        for (var round = 0; round < 10; round++)
        {
            var waiting = other.Store.WaitAsync(version, LongEnough, CancellationToken.None).AsTask();

            var written = await one.Store.WriteAsync(Bot, version, "{}"u8.ToArray(), CancellationToken.None);

            version = await waiting.WaitAsync(LongEnough);
            Assert.Equal(written.Version, version);
        }
    }

    [PostgresFact]
    public async Task Of_writers_in_many_processes_one_wins_each_version()
    {
        var options = shared.NewOptions();
        var benches = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ControlBench.OpenAsync(options)));
        var version = 0L;
        for (var round = 0; round < 20; round++)
        {
            var writes = await Task.WhenAll(benches.Select(bench =>
                bench.Store.WriteAsync(Bot, version, "1"u8.ToArray(), CancellationToken.None).AsTask()));
            var winner = Assert.Single(writes, write => write.IsWritten);
            Assert.All(writes, write => Assert.Equal(winner.Version, write.Version));
            version = winner.Version;
        }

        Assert.Equal(20, (await benches[0].Store.ReadAsync(CancellationToken.None)).Revision);
        foreach (var bench in benches) await bench.DisposeAsync();
    }

    [PostgresFact]
    public async Task A_cancellation_that_nobody_asked_for_is_an_error_of_the_store()
    {
        await using var bench = await ControlBench.OpenAsync(shared.NewOptions());
        await using var connection = new ControlConnection(bench.Database);

        await Assert.ThrowsAsync<ControlStoreException>(async () => await connection.RunAsync<int>(
            static (_, _) => throw new OperationCanceledException(), CancellationToken.None));
        using var canceled = new CancellationTokenSource();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await connection.RunAsync<int>(
            (_, stop) =>
            {
                canceled.Cancel();
                throw new OperationCanceledException(stop);
            },
            canceled.Token));
    }

    [ClusterFact]
    public async Task Says_that_it_cannot_be_reached_and_goes_on_when_it_can()
    {
        await using var proxy = new TcpProxy(shared.Cluster.Port);
        await using var bench = await ControlBench.OpenAsync(
            shared.NewOptions() with { Address = PostgresAddress.Parse(shared.Cluster.Url(proxy.Port)) });
        await bench.Store.WriteAsync(Bot, 0, "1"u8.ToArray(), CancellationToken.None);

        proxy.Mode = ProxyMode.Refuse;
        proxy.CutAll();
        var refusal = await Assert.ThrowsAsync<ControlStoreException>(
            async () => await bench.Store.ReadAsync(CancellationToken.None));
        Assert.DoesNotContain("p@ss", refusal.ToString(), StringComparison.Ordinal);
        await Assert.ThrowsAsync<ControlStoreException>(
            async () => await bench.Store.WaitAsync(1, LongEnough, CancellationToken.None));

        proxy.Mode = ProxyMode.Pass;
        await Soon.UntilAsync(() => bench.Database.IsHealthy, "the return is noticed");
        Assert.Equal(1, (await bench.Store.ReadAsync(CancellationToken.None)).Revision);
        var waiting = bench.Store.WaitAsync(1, LongEnough, CancellationToken.None).AsTask();
        var written = await bench.Store.WriteAsync(Bot, 1, "2"u8.ToArray(), CancellationToken.None);
        Assert.Equal(written.Version, await waiting);
    }
}
