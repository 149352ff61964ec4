using Gateway.Orleans.Batching;

namespace Gateway.Orleans.Tests.Batching;

/// <summary>A frontend of this release among silos of an older one, as while an update rolls.</summary>
public sealed class OlderSiloTests : IAsyncLifetime
{
    private TestCluster _cluster = null!;
    private OlderSilo _silo = null!;

    public async Task InitializeAsync()
    {
        _silo = new OlderSilo(() => _cluster.Orleans.Client);
        _cluster = await TestCluster.StartAsync(silos: 1, filter: _silo);
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Is_asked_counter_by_counter()
    {
        var limiter = _cluster.Limiter();
        var cost = Calls.Cost(Calls.Key(), max: 10);
        for (var i = 0; i < 10; i++) Assert.True((await limiter.CallAsync(_cluster, cost)).IsAdmitted);

        Assert.Equal(RefusalKind.NoRoom, (await limiter.CallAsync(_cluster, cost)).Refusal!.Kind);
    }

    [Fact]
    public async Task Admits_nothing_by_a_sliding_limit_that_it_takes_for_a_fixed_one()
    {
        Assert.True(Window.TryParse("minute", out var minute));
        var key = new CounterKey(LimitScope.Grant, "agent@afip", "calls", WindowKind.Sliding, minute);
        var limiter = _cluster.Limiter();

        var decision = await limiter.CallAsync(_cluster, Calls.Cost(key, max: 10));

        Assert.Equal(RefusalKind.EngineUnavailable, decision.Refusal!.Kind);
        Assert.NotNull(decision.RetryAfterMs);
    }

    [Theory]
    [InlineData("fixed")]
    [InlineData("of_a_later_release")]
    public async Task Gives_and_renews_no_place_of_a_call_in_flight(string takenFor)
    {
        var key = new CounterKey(LimitScope.Grant, "agent@afip", "(in flight)", WindowKind.InFlight, Calls.Key(
            window: "30s").Window);
        var limiter = _cluster.Limiter();
        (_silo.TakenFor, _silo.KnowsAll) = (takenFor, true);
        var open = await limiter.CallAsync(_cluster, Calls.Cost(key, max: 3));
        Assert.True(open.IsAdmitted);
        _silo.KnowsAll = false;

        var decision = await limiter.CallAsync(_cluster, Calls.Cost(key, max: 3));

        Assert.Equal(RefusalKind.EngineUnavailable, decision.Refusal!.Kind);
        Assert.True((await limiter.RenewAsync(open.Permit, CallId.New())).IsMissing);
    }

    [Fact]
    public async Task Requests_go_to_the_counters_of_an_older_silo_without_a_batch_grain()
    {
        await using var cluster = await TestCluster.StartAsync(
            silos: 2, new CounterGrainOptions { DeferMs = 0 }, new SharedStore(), new("2026-03-02T10:00:00Z"),
            more: static (number, silo) =>
            {
                if (number == 1) return;
                foreach (var one in silo.Services.Where(IsBatchGrainService).ToArray()) silo.Services.Remove(one);
            });
        var limiter = cluster.Limiter();
        var costs = Enumerable.Range(0, 40).Select(i => Calls.Cost(Calls.Key($"calls-{i}"), max: 5)).ToArray();

        foreach (var cost in costs)
        {
            for (var i = 0; i < 5; i++) Assert.True((await limiter.CallAsync(cluster, cost)).IsAdmitted);
            Assert.Equal(RefusalKind.NoRoom, (await limiter.CallAsync(cluster, cost)).Refusal!.Kind);
        }
    }

    [Fact]
    public async Task Refuses_by_a_sliding_limit_as_by_a_fixed_one()
    {
        Assert.True(Window.TryParse("minute", out var minute));
        var key = new CounterKey(LimitScope.Grant, "agent@afip", "calls", WindowKind.Sliding, minute);
        var twin = new CounterKey(LimitScope.Grant, "agent@afip", "calls", WindowKind.Fixed, minute);
        var limiter = _cluster.Limiter();
        Assert.True((await limiter.CallAsync(_cluster, Calls.Cost(twin, max: 1))).IsAdmitted);

        var decision = await limiter.CallAsync(_cluster, Calls.Cost(key, max: 1));

        Assert.Equal(RefusalKind.NoRoom, decision.Refusal!.Kind);
    }

    [Fact]
    public async Task Refuses_for_a_reason_of_a_later_release_as_if_it_could_not_count()
    {
        var limiter = _cluster.Limiter();
        var cost = Calls.Cost(Calls.Key(), max: 1);
        Assert.True((await limiter.CallAsync(_cluster, cost)).IsAdmitted);
        _silo.Refusal = (RefusalKind)200;

        var decision = await limiter.CallAsync(_cluster, cost);

        Assert.Equal(RefusalKind.EngineUnavailable, decision.Refusal!.Kind);
        Assert.NotNull(decision.RetryAfterMs);
    }

    private static bool IsBatchGrainService(ServiceDescriptor service) =>
        service.ServiceKey is Type key ? key == typeof(BatchPlacement) : service.ServiceKey is nameof(BatchPlacement);
}
