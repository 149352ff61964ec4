namespace Gateway.Limits.Tests.Engine;

/// <summary>What a decision that waits for nothing leaves to the collector: nothing.</summary>
public sealed class AllocationTests
{
    private const int Calls = 1000;
    private const long Plenty = 1_000_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task An_admitted_call_allocates_nothing_from_its_decision_to_its_end(int limits)
    {
        await using var engine = new EngineFixture(new LocalEngineOptions());
        ImmutableArray<LimitCost> costs =
            [.. Enumerable.Range(0, limits).Select(static i => Asked.Cost(Plenty, counter: "c" + i))];
        foreach (var cost in costs) await HoldBlockAsync(engine, cost);

        Assert.Equal(0, Measure(engine, costs, static (engine, decision) =>
        {
            Assert.True(decision.IsAdmitted);
            decision.Permit.TrySpend(engine.Time.NowMs, out _);
            decision.Permit.Complete();
        }));
    }

    [Fact]
    public async Task A_refused_call_allocates_nothing()
    {
        await using var engine = new EngineFixture(new LocalEngineOptions());
        await engine.ExhaustAsync(3, "full");

        Assert.Equal(0, Measure(
            engine, [Asked.Cost(3, counter: "full")], static (_, decision) => Assert.False(decision.IsAdmitted)));
    }

    [Fact]
    public async Task A_call_that_its_second_limit_refuses_allocates_nothing_and_counts_nowhere()
    {
        await using var engine = new EngineFixture(new LocalEngineOptions());
        var wide = Asked.Cost(Plenty, counter: "a");
        await HoldBlockAsync(engine, wide);
        await engine.ExhaustAsync(3, "full");

        Assert.Equal(0, Measure(
            engine,
            [wide, Asked.Cost(3, counter: "full")],
            static (_, decision) => Assert.False(decision.IsAdmitted)));
        Assert.Equal(Amount.One, (await engine.AcquireAsync(wide)).Permit.Parts[0].UsedAfter);
    }

    /// <summary>Bytes that so many calls allocate on this thread, once everything is compiled and in use.</summary>
    private static long Measure(
        EngineFixture engine, ImmutableArray<LimitCost> costs, Action<EngineFixture, LimitDecision> end)
    {
        long before = 0;
        for (var i = 0; i < 2 * Calls; i++)
        {
            if (i == Calls) before = GC.GetAllocatedBytesForCurrentThread();
            var request = new LimitRequest(CallId.New(), engine.Time.NowMs, costs);
            var decision = engine.Limiter.AcquireAsync(request, CancellationToken.None);
            if (!decision.IsCompletedSuccessfully) throw new InvalidOperationException("The call had to wait.");
            end(engine, decision.Result);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Numbers for all calls of a test are in hand, so that none has to go to the store.</summary>
    private static async Task HoldBlockAsync(EngineFixture engine, LimitCost cost)
    {
        var block = await engine.AcquireAsync(cost with { Cost = Amount.FromUnits(10 * Calls) });
        await engine.Limiter.ReleaseAsync(block.Permit, CancellationToken.None);
    }
}
