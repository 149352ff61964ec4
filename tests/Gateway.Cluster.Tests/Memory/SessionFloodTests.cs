namespace Gateway.Cluster.Tests.Memory;

/// <summary>Agents open sessions without end, each with a counter of its own; the silo has little memory.</summary>
[Trait("run", "full")]
public sealed class SessionFloodTests(ITestOutputHelper output)
{
    private const int Callers = 64;
    private const int Grants = 12;
    private const int Max = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan AfterTheBound = TimeSpan.FromSeconds(4);

    private readonly ConcurrentDictionary<RefusalKind, int> _refusals = new();
    private int _admitted;

    [MemoryGroupFact]
    public async Task A_silo_outlives_sessions_without_end_and_forgets_none_that_it_counts()
    {
        await using var memory = MemoryGroup.Make(256 << 20);
        await using var fleet = await SiloFleet.StartAsync(silos: 0);
        fleet.Memory = memory;
        var silo = Assert.Single(await fleet.AddSilosAsync(1));
        var limiter = await fleet.LimiterAsync();
        var early = Enumerable.Range(0, 100).Select(session => Key($"early-{session}", "steady")).ToArray();
        foreach (var key in early) Assert.Null(await RefusalAsync(fleet, limiter, key));

        using var flood = new CancellationTokenSource(Patience);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var session = 0; !flood.IsCancellationRequested; session++)
            {
                var refusal = await RefusalAsync(fleet, limiter, Key($"{caller}-{session}", $"loud-{caller % Grants}"));
                if (refusal is null) Interlocked.Increment(ref _admitted);
                else if (_refusals.AddOrUpdate(refusal.Kind, 1, static (_, count) => count + 1) == 1000)
                    flood.CancelAfter(AfterTheBound);
            }
        })));

        output.WriteLine($"{_admitted} counted; {string.Join(", ", _refusals)}; {memory.PeakBytes >> 20} MiB at most");
        Assert.False(silo.HasEnded, silo.Log);
        Assert.Equal(0, memory.Kills);
        Assert.True(_refusals.GetValueOrDefault(RefusalKind.AtBound) > 0, "no bound was met");
        foreach (var key in early)
        {
            // One that nobody asked during a long flood comes back from its record once there is room.
            await Soon.UntilAsync(
                async () => await RefusalAsync(fleet, limiter, key) is not { Kind: RefusalKind.AtBound },
                "a session that was open before goes on");
            Assert.Equal(RefusalKind.NoRoom, (await RefusalAsync(fleet, limiter, key))?.Kind);
        }

        var grants = new CounterKey(LimitScope.Grant, "quiet@crm", "calls", WindowKind.Fixed, Window.Month);
        Assert.Null(await RefusalAsync(fleet, limiter, grants));
    }

    private static CounterKey Key(string session, string grant) =>
        new(LimitScope.Session, $"{session}@{grant}@crm", "calls", WindowKind.Fixed, Window.Month);

    private static async Task<LimitRefusal?> RefusalAsync(SiloFleet fleet, ClusterEngine limiter, CounterKey key)
    {
        var cost = new LimitCost(key, Amount.FromUnits(Max), Amount.One);
        var decision = await limiter.AcquireAsync(new LimitRequest(CallId.New(), fleet.Clock.NowMs(), [cost]), default);
        if (!decision.IsAdmitted) return decision.Refusal;
        decision.Permit.TrySpend(fleet.Clock.NowMs(), out _);
        return null;
    }
}
