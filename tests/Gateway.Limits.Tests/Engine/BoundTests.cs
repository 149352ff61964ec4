namespace Gateway.Limits.Tests.Engine;

/// <summary>At a bound a call is refused with its reason; no count is ever forgotten for it.</summary>
public sealed class BoundTests
{
    [Fact]
    public async Task A_counter_too_many_is_refused_with_its_reason_and_no_count_is_forgotten()
    {
        await using var engine = new EngineFixture(new LocalEngineOptions { Bounds = new() { CountersMax = 2 } });
        foreach (var counter in new[] { "a", "b" }) Assert.Equal(3, (await engine.ExhaustAsync(3, counter)).Admitted);

        var (admitted, refusal) = await engine.ExhaustAsync(3, "c");
        Assert.Equal(0, admitted);
        Assert.Equal(RefusalKind.AtBound, refusal.Kind);
        Assert.Contains("the maximum number of counters", refusal.Reason, StringComparison.Ordinal);
        Assert.NotNull((await engine.AcquireAsync(Asked.Cost(3, counter: "c"))).RetryAfterMs);
        foreach (var counter in new[] { "a", "b" })
        {
            (admitted, refusal) = await engine.ExhaustAsync(3, counter);
            Assert.Equal((0, RefusalKind.NoRoom), (admitted, refusal.Kind));
        }
    }

    [Fact]
    public async Task A_call_refused_at_the_bound_charges_none_of_its_limits()
    {
        await using var engine = new EngineFixture(new LocalEngineOptions { Bounds = new() { CountersMax = 1 } });
        Assert.True((await engine.AcquireAsync(Asked.Cost(3, counter: "a"))).IsAdmitted);
        var refused = await engine.AcquireAsync(Asked.Cost(3, counter: "a"), Asked.Cost(3, counter: "b"));
        Assert.Equal((RefusalKind.AtBound, 1), (refused.Refusal!.Kind, refused.Refusal.CostIndex));
        Assert.Equal(2, (await engine.ExhaustAsync(3, "a")).Admitted);
    }

    [Fact]
    public async Task Counters_that_were_let_go_make_room_in_memory_but_not_in_the_journal()
    {
        var options = new LocalEngineOptions { Bounds = new() { CountersMax = 2 } };
        await using var engine = new EngineFixture(options, journalCountersMax: 2);
        foreach (var counter in new[] { "a", "b" }) await engine.ExhaustAsync(3, counter);
        engine.Time.Advance(15_000);
        await engine.LetGoAsync(left: 0);

        Assert.Equal(RefusalKind.AtBound, (await engine.ExhaustAsync(3, "c")).Refusal.Kind);
        Assert.Equal(RefusalKind.NoRoom, (await engine.ExhaustAsync(3, "a")).Refusal.Kind);

        engine.Time.Advance(60_000);
        await engine.Journal.RaiseFloorAsync(engine.Time.NowMs - 20_000);
        await engine.LetGoAsync(left: 0);
        Assert.Equal(3, (await engine.ExhaustAsync(3, "c")).Admitted);
    }

    [Fact]
    public async Task A_waiting_call_too_many_is_refused_with_its_reason_and_not_counted()
    {
        await using var engine = new EngineFixture(new LocalEngineOptions { WaitersMax = 2 });
        engine.Store.Hold();
        var first = engine.AcquireAsync(Asked.Cost(3)).AsTask();
        var second = engine.AcquireAsync(Asked.Cost(3)).AsTask();

        var third = await engine.AcquireAsync(Asked.Cost(3));
        Assert.Equal(RefusalKind.TooManyWaiting, third.Refusal!.Kind);
        Assert.Contains("too many calls already wait", third.Refusal.Reason, StringComparison.Ordinal);

        engine.Store.Open();
        Assert.True((await first).IsAdmitted);
        Assert.True((await second).IsAdmitted);
        var fourth = await engine.AcquireAsync(Asked.Cost(3));
        foreach (var decision in new[] { await first, await second, fourth })
            decision.Permit!.TrySpend(engine.Time.NowMs, out _);
        Assert.Equal((0, RefusalKind.NoRoom), await Kinds(engine));
    }

    private static async Task<(int, RefusalKind)> Kinds(EngineFixture engine)
    {
        var (admitted, refusal) = await engine.ExhaustAsync(3, "calls");
        return (admitted, refusal.Kind);
    }
}
