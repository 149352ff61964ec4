using Orleans.Configuration;
using Orleans.TestingHost;

namespace Gateway.Orleans.Tests.Clusters;

/// <summary>Silos in this process over one store, with a clock that the test moves.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly List<ClusterEngine> _limiters = [];

    private TestCluster(InProcessTestCluster orleans, SharedStore store, ManualTime time)
    {
        Orleans = orleans;
        Store = store;
        Time = time;
        Clock = new ProcessClock(time);
    }

    public InProcessTestCluster Orleans { get; }

    public SharedStore Store { get; }

    public ManualTime Time { get; }

    public ProcessClock Clock { get; }

    public static Task<TestCluster> StartAsync(
        short silos = 2, CounterGrainOptions? options = null, IIncomingGrainCallFilter? filter = null) =>
        StartAsync(
            silos,
            options ?? new CounterGrainOptions { DeferMs = 0 },
            new SharedStore(),
            new ManualTime("2026-03-02T10:00:00Z"),
            filter);

    public static async Task<TestCluster> StartAsync(
        short silos,
        CounterGrainOptions options,
        SharedStore store,
        ManualTime time,
        IIncomingGrainCallFilter? filter = null,
        Action<int, ISiloBuilder>? more = null)
    {
        var started = 0;
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(new ProcessClock(time));
            silo.Services.AddSingleton<IReservationStore>(store);
            silo.AddGatewayLimits(options);
            if (filter is not null) silo.AddIncomingGrainCallFilter(filter);
            more?.Invoke(Interlocked.Increment(ref started), silo);
            silo.Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromMilliseconds(500);
                membership.NumMissedProbesLimit = 2;
                membership.NumVotesForDeathDeclaration = 1;
                membership.TableRefreshTimeout = TimeSpan.FromSeconds(2);
            });
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new TestCluster(cluster, store, time);
    }

    /// <summary>One more frontend.</summary>
    public ClusterEngine Limiter(ClusterEngineOptions? options = null)
    {
        var limiter = new ClusterEngine(
            Orleans.Client, Clock, options ?? new(), TimeProvider.System, NullLogger<ClusterEngine>.Instance);
        _limiters.Add(limiter);
        return limiter;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var limiter in _limiters) limiter.Dispose();
        await Orleans.DisposeAsync();
    }
}
