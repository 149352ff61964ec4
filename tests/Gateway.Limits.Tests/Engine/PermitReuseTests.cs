namespace Gateway.Limits.Tests.Engine;

/// <summary>What a permit stands for is used for later calls; its handles are not.</summary>
public sealed class PermitReuseTests
{
    [Fact]
    public async Task A_permit_that_has_ended_pays_for_nothing_when_its_place_is_used_again()
    {
        await using var engine = await StartAsync();
        var first = (await engine.AcquireAsync(Asked.Cost(100))).Permit;
        Assert.Equal(SpendOutcome.Spent, first.TrySpend(engine.Time.NowMs, out _));
        var place = first.Parts[0];
        first.Complete();

        var second = (await engine.AcquireAsync(Asked.Cost(100))).Permit;
        Assert.Same(place, second.Parts[0]);
        Assert.NotEqual(first, second);
        Assert.True(first.Parts.IsEmpty);
        Assert.Equal(SpendOutcome.AlreadySpent, first.TrySpend(engine.Time.NowMs, out _));
        Assert.Equal(SpendOutcome.Spent, second.TrySpend(engine.Time.NowMs, out _));
    }

    [Fact]
    public async Task An_old_handle_neither_ends_nor_gives_back_the_permit_of_another_call()
    {
        await using var engine = await StartAsync();
        var first = (await engine.AcquireAsync(Asked.Cost(100))).Permit;
        await engine.Limiter.ReleaseAsync(first, CancellationToken.None);

        var second = (await engine.AcquireAsync(Asked.Cost(100))).Permit;
        first.Complete();
        await engine.Limiter.ReleaseAsync(first, CancellationToken.None);
        await engine.Limiter.RefundAsync(first, CancellationToken.None);
        var third = (await engine.AcquireAsync(Asked.Cost(100))).Permit;

        Assert.Equal(SpendOutcome.Spent, second.TrySpend(engine.Time.NowMs, out _));
        Assert.Equal(Amount.FromUnits(2), third.Parts[0].UsedAfter);
        Assert.Empty(second.Parts[0].Intervals.Intersect(third.Parts[0].Intervals));
    }

    [Fact]
    public async Task Parts_that_go_into_the_next_attempts_permit_leave_the_earlier_one_worthless()
    {
        await using var engine = await StartAsync();
        LimitCost[] costs = [Asked.Cost(100), Asked.Cost(100, counter: "other", window: "hour")];
        var early = (await engine.AcquireAsync(costs)).Permit;
        engine.Time.Advance(60_000);
        Assert.Equal(SpendOutcome.Expired, early.TrySpend(engine.Time.NowMs, out _));

        var late = (await engine.Limiter.AcquireAsync(
            engine.Call(costs) with { PreviousPermit = early }, CancellationToken.None)).Permit;
        Assert.Equal(SpendOutcome.Spent, late.TrySpend(engine.Time.NowMs, out _));
        Assert.NotEqual(SpendOutcome.Spent, early.TrySpend(engine.Time.NowMs, out _));
        Assert.Equal(2, late.Parts.Count);
    }

    [Fact]
    public async Task Many_threads_with_old_handles_spend_each_permit_once()
    {
        const int calls = 20_000;
        const int seen = 64;
        await using var engine = await StartAsync(calls * 10);
        var handles = new Permit[seen];
        var spent = 0;
        await Parallel.ForAsync(0, calls, async (i, _) =>
        {
            var permit = (await engine.AcquireAsync(Asked.Cost(calls * 10))).Permit;
            Permit old;
            lock (handles) (old, handles[i % seen]) = (handles[i % seen], permit);
            if (old.TrySpend(engine.Time.NowMs, out int _) == SpendOutcome.Spent) Interlocked.Increment(ref spent);
            if (permit.TrySpend(engine.Time.NowMs, out int _) == SpendOutcome.Spent) Interlocked.Increment(ref spent);
            permit.Complete();
            old.Complete();
        });
        Assert.Equal(calls, spent);
    }

    private static async Task<EngineFixture> StartAsync(long max = 100)
    {
        var engine = new EngineFixture(new LocalEngineOptions());
        var block = await engine.AcquireAsync(Asked.Cost(max, cost: "50"));
        await engine.Limiter.ReleaseAsync(block.Permit, CancellationToken.None);
        return engine;
    }
}
