namespace Gateway.Orleans.Tests.Client;

/// <summary>An agent opens sessions without end, each with a counter; the silo has room for sixteen.</summary>
public sealed class SessionBoundTests : IAsyncLifetime
{
    private static readonly CounterBounds Bounds = new() { CountersMax = 16 };

    private TestCluster _cluster = null!;

    private ActivationDirectory Owners =>
        _cluster.Orleans.Silos[0].ServiceProvider.GetRequiredService<ActivationDirectory>();

    public async Task InitializeAsync() => _cluster = await TestCluster.StartAsync(
        silos: 1, new CounterGrainOptions { DeferMs = 0, Bounds = Bounds, IdleAge = TimeSpan.FromSeconds(1) });

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task A_silo_refuses_a_grants_session_too_many_and_nobody_elses()
    {
        var limiter = _cluster.Limiter();
        for (var session = 0; session < 4; session++) Assert.Null(await RefusalAsync(limiter, "loud", session));
        Assert.True(limiter.HasRoomForSession("loud"));

        for (var session = 4; session < 40; session++)
            Assert.Equal(RefusalKind.AtBound, (await RefusalAsync(limiter, "loud", session))?.Kind);
        Assert.False(limiter.HasRoomForSession("loud"));
        Assert.True(limiter.HasRoomForSession("quiet"));

        for (var session = 0; session < 4; session++)
        {
            Assert.Null(await RefusalAsync(limiter, "quiet", session));
            Assert.Null(await RefusalAsync(limiter, "loud", session));
            Assert.Equal(RefusalKind.NoRoom, (await RefusalAsync(limiter, "loud", session))?.Kind);
        }

        var figures = Owners.Metrics.Statistics;
        Assert.Equal((8, 16, 36L), (figures.CountersInMemory, figures.CountersMax, figures.CountersRefused));
    }

    [Fact]
    public async Task Sessions_of_all_grants_leave_room_for_the_counters_of_grants()
    {
        var limiter = _cluster.Limiter();
        for (var grant = 0; grant < 10; grant++)
            for (var session = 0; session < 4; session++)
                await RefusalAsync(limiter, $"grant-{grant}", session);

        Assert.Equal(14, Owners.Metrics.Statistics.CountersInMemory);
        Assert.True((await limiter.CallAsync(_cluster, Calls.Cost(Calls.Key(), 3))).IsAdmitted);
    }

    [Fact]
    public async Task What_nobody_asks_leaves_a_crowded_silos_memory_and_its_record_counts_on()
    {
        var limiter = _cluster.Limiter();
        for (var grant = 0; grant < 4; grant++)
            for (var session = 0; session < 3; session++)
                Assert.Null(await RefusalAsync(limiter, $"grant-{grant}", session));

        // Less than half of the places stay whatever the age, so all have to be idle before the first of them leaves.
        using (var idle = new PeriodicTimer(TimeSpan.FromSeconds(2))) await idle.WaitForNextTickAsync();
        // Here the sweep is the test's, so that it need not wait for the silo's own.
        await UntilAsync(() =>
        {
            if (Owners.Metrics.Statistics.CountersInMemory == 12) Owners.Evict();
            return ValueTask.FromResult(Owners.Metrics.Statistics.CountersInMemory == 0);
        });

        Assert.Null(await RefusalAsync(limiter, "grant-0", 0));
        Assert.Equal(RefusalKind.NoRoom, (await RefusalAsync(limiter, "grant-0", 0))?.Kind);
    }

    [Fact]
    public async Task A_frontend_has_a_bound_of_its_own_and_drops_what_was_not_asked_for_a_moment()
    {
        var limiter = _cluster.Limiter(new ClusterEngineOptions { Bounds = new CounterBounds { CountersMax = 8 } });
        for (var session = 0; session < 2; session++) Assert.Null(await RefusalAsync(limiter, "loud", session));
        Assert.Equal(RefusalKind.AtBound, (await RefusalAsync(limiter, "loud", 2))?.Kind);
        Assert.Null(await RefusalAsync(limiter, "quiet", 0));

        await UntilAsync(async () => await RefusalAsync(limiter, "loud", 2) is null);
        Assert.Null(await RefusalAsync(limiter, "loud", 0));
        Assert.Equal(RefusalKind.NoRoom, (await RefusalAsync(limiter, "loud", 0))?.Kind);
    }

    private static async Task UntilAsync(Func<ValueTask<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await isSo()) await timer.WaitForNextTickAsync(patience.Token);
    }

    /// <summary>One call in a session that may make two; null if it was let through.</summary>
    private async Task<LimitRefusal?> RefusalAsync(ClusterEngine limiter, string grant, int session)
    {
        var key = new CounterKey(
            LimitScope.Session, $"s{session}@{grant}@crm", "calls", WindowKind.Fixed, Window.Month);
        var decision = await limiter.CallAsync(_cluster, Calls.Cost(key, max: 2));
        return decision.IsAdmitted ? null : decision.Refusal;
    }
}
