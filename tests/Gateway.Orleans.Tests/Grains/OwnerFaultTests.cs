namespace Gateway.Orleans.Tests.Grains;

/// <summary>What happens to a counter when its silo or its store does not do as it should.</summary>
public sealed class OwnerFaultTests
{
    [Fact]
    public async Task Never_admits_too_many_when_silos_die_under_traffic()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 3);
        using var traffic = new Traffic(cluster, Calls.Cost(Calls.Key(window: "day"), max: 3000));

        traffic.Start();
        await traffic.ReachAsync(300);
        await cluster.Orleans.KillSiloAsync(cluster.Orleans.Silos[^1]);
        await traffic.ReachAsync(600);
        await cluster.Orleans.KillSiloAsync(cluster.Orleans.Silos[^1]);
        await traffic.RunDryAsync();

        traffic.AssertExact();
    }

    [Fact]
    public async Task Never_admits_too_many_when_silos_stop_and_start_under_traffic()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1);
        using var traffic = new Traffic(cluster, Calls.Cost(Calls.Key(window: "day"), max: 3000));

        traffic.Start();
        await traffic.ReachAsync(300);
        await cluster.Orleans.StartSilosAsync(2);
        await traffic.ReachAsync(900);
        await cluster.Orleans.StopSiloAsync(cluster.Orleans.Silos[^1]);
        await traffic.ReachAsync(1200);
        await cluster.Orleans.StopSiloAsync(cluster.Orleans.Silos[^1]);
        await traffic.RunDryAsync();

        traffic.AssertExact();
    }

    [Fact]
    public async Task Hands_back_what_it_did_not_give_out_when_it_stops()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 2);
        var limiter = cluster.Limiter();
        var key = Calls.Key(window: "day");
        var cost = Calls.Cost(key, max: 1000);
        for (var i = 0; i < 60; i++) Assert.True((await limiter.CallAsync(cluster, cost)).IsAdmitted);

        await cluster.Orleans.StopSiloAsync(cluster.Orleans.Silos[0]);
        await cluster.Orleans.StopSiloAsync(cluster.Orleans.Silos[0]);

        Assert.Equal(Amount.FromUnits(60).Nano, cluster.Store.Find(key)!.Value.Reserved);
    }

    [Fact]
    public async Task Learns_from_a_conflict_what_another_owner_reserved_and_does_not_read()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1);
        var limiter = cluster.Limiter();
        var (key, store) = (Calls.Key(window: "day"), cluster.Store);
        Assert.True((await limiter.CallAsync(cluster, Calls.Cost(key, max: 10))).IsAdmitted);
        Reservation seen;
        do seen = store.Find(key)!.Value;
        while (await store.WriteAsync(key, seen.Nonce, More(seen), default) != WriteOutcome.Ok);
        var reads = store.Reads;

        var decisions = new List<LimitDecision>();
        for (var i = 0; i < 9; i++) decisions.Add(await limiter.CallAsync(cluster, Calls.Cost(key, max: 10)));

        Assert.Equal(4, decisions.Count(static decision => decision.IsAdmitted));
        Assert.Equal(reads, store.Reads);

        static Reservation More(Reservation seen) =>
            seen with { Reserved = seen.Reserved + Amount.FromUnits(5).Nano, Nonce = 99 };
    }

    [Fact]
    public async Task Counts_once_what_was_written_though_the_store_said_nothing()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1);
        var lies = 0;
        cluster.Store.AfterWrite = outcome =>
            Interlocked.Increment(ref lies) % 2 == 1 ? ReservationWrite.Unknown : outcome;
        var limiter = cluster.Limiter();
        var cost = Calls.Cost(Calls.Key(), max: 100);

        var decisions = await Task.WhenAll(
            Enumerable.Range(0, 150).Select(_ => limiter.CallAsync(cluster, cost).AsTask()));

        Assert.Equal(100, decisions.Count(decision => decision.IsAdmitted));
    }

    [Fact]
    public async Task Denies_when_the_store_does_not_answer()
    {
        await using var cluster = await TestCluster.StartAsync(
            silos: 1, new CounterGrainOptions { DeferMs = 0, StoreTimeout = TimeSpan.FromMilliseconds(200) });
        var never = new TaskCompletionSource();
        cluster.Store.BeforeWrite = () => never.Task;
        var limiter = cluster.Limiter();
        var cost = Calls.Cost(Calls.Key(), max: 100);

        var refused = await limiter.CallAsync(cluster, cost);

        Assert.Equal(RefusalKind.EngineUnavailable, refused.Refusal!.Kind);
        Assert.NotNull(refused.RetryAfterMs);
        cluster.Store.BeforeWrite = () => Task.CompletedTask;
        var decisions = await Task.WhenAll(
            Enumerable.Range(0, 150).Select(_ => limiter.CallAsync(cluster, cost).AsTask()));
        Assert.Equal(100, decisions.Count(decision => decision.IsAdmitted));
    }

    [Fact]
    public async Task A_look_while_the_store_is_away_is_refused_and_asks_it_once()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1);
        var limiter = cluster.Limiter();
        var cost = Calls.Cost(Calls.Key(), max: 1);
        var request = new LimitRequest(CallId.New(), cluster.Clock.NowMs(), [cost]);
        cluster.Store.IsAway = true;

        Assert.Equal(RefusalKind.EngineUnavailable, (await limiter.PeekAsync(request, default)).Refusal!.Kind);

        Assert.Equal(1, cluster.Store.Reads);
        cluster.Store.IsAway = false;
        Assert.True((await limiter.PeekAsync(request, default)).IsAdmitted);
    }

    [Fact]
    public async Task A_refusal_that_is_final_costs_the_counter_nothing_more()
    {
        await using var cluster = await TestCluster.StartAsync(silos: 1);
        var limiter = cluster.Limiter();
        var cost = Calls.Cost(Calls.Key(), max: 1);
        var permit = (await limiter.CallAsync(cluster, cost)).Permit!;
        Assert.Equal(SpendOutcome.Spent, permit.TrySpend(cluster.Clock.NowMs(), out _));
        Assert.False((await limiter.CallAsync(cluster, cost)).IsAdmitted);

        await cluster.Orleans.StopSiloAsync(cluster.Orleans.Silos[0]);

        var refusal = (await limiter.CallAsync(cluster, cost)).Refusal!;
        Assert.Equal(RefusalKind.NoRoom, refusal.Kind);
    }
}
