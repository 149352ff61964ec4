namespace Gateway.Limits.Tests.Engine;

/// <summary>Memory is given back; what was counted is not.</summary>
public sealed class IdleCounterTests
{
    [Fact]
    public async Task A_counter_stays_while_it_is_used()
    {
        await using var engine = new EngineFixture(new LocalEngineOptions { IdleMs = 10_000 });
        await engine.ExhaustAsync(3, "a");
        engine.Time.Advance(9_000);
        engine.Limiter.Evict();
        Assert.Equal(1, engine.Limiter.CountersInMemory);
    }

    [Fact]
    public async Task An_idle_counter_is_let_go_and_counts_on_where_it_was()
    {
        await using var engine = new EngineFixture(new LocalEngineOptions { IdleMs = 10_000 });
        for (var i = 0; i < 4; i++)
            (await engine.AcquireAsync(Asked.Cost(10))).Permit!.TrySpend(engine.Time.NowMs, out _);
        for (var round = 0; round < 3; round++)
        {
            engine.Time.Advance(11_000);
            await engine.LetGoAsync(left: 0);
            (await engine.AcquireAsync(Asked.Cost(10))).Permit!.TrySpend(engine.Time.NowMs, out _);
        }

        Assert.Equal(3, (await engine.ExhaustAsync(10, "calls")).Admitted);
        engine.Time.Advance(11_000);
        await engine.LetGoAsync(left: 0);
        Assert.Equal(RefusalKind.NoRoom, (await engine.ExhaustAsync(10, "calls")).Refusal.Kind);
    }

    [Fact]
    public async Task A_counter_stays_while_a_permit_may_come_back_and_goes_when_its_window_is_over()
    {
        await using var engine = new EngineFixture(new LocalEngineOptions { IdleMs = 10_000 });
        var held = await engine.AcquireAsync(Asked.Cost(1));
        engine.Time.Advance(20_000);
        engine.Limiter.Evict();
        Assert.Equal(1, engine.Limiter.CountersInMemory);

        await engine.Limiter.ReleaseAsync(held.Permit!, CancellationToken.None);
        Assert.True((await engine.AcquireAsync(Asked.Cost(1))).IsAdmitted);
        engine.Time.Advance(31_000);
        await engine.LetGoAsync(left: 0);
        Assert.Equal(1, (await engine.ExhaustAsync(1, "calls")).Admitted);
    }

    [Fact]
    public async Task A_counter_in_use_stays_when_its_window_turns_and_writes_without_reading()
    {
        await using var engine = new EngineFixture(new LocalEngineOptions { IdleMs = 60_000 });
        await engine.ExhaustAsync(3, "a");
        var before = engine.Limiter.Statistics;
        engine.Time.Advance(55_000);
        engine.Limiter.Evict();
        Assert.Equal(1, engine.Limiter.CountersInMemory);
        Assert.Equal(3, (await engine.ExhaustAsync(3, "a")).Admitted);
        Assert.Equal(before.Reads, engine.Limiter.Statistics.Reads);
    }

    [Fact]
    public async Task A_slow_counter_writes_about_a_hundred_times_a_window()
    {
        await using var engine = new EngineFixture(new LocalEngineOptions());
        for (var i = 0; i < 1000; i++)
        {
            (await engine.AcquireAsync(Asked.Cost(1000))).Permit.TrySpend(engine.Time.NowMs, out _);
            engine.Time.Advance(40);
        }

        Assert.InRange(engine.Limiter.Statistics.Writes, 10, 110);
        Assert.Equal(RefusalKind.NoRoom, (await engine.AcquireAsync(Asked.Cost(1000))).Refusal!.Kind);
    }

    [Fact]
    public async Task A_key_that_is_kept_leads_to_the_counter_that_is_there_now()
    {
        await using var engine = new EngineFixture(new LocalEngineOptions { IdleMs = 10_000 });
        await using var other = new EngineFixture(new LocalEngineOptions { IdleMs = 10_000 });
        var (kept, twin) = (Asked.Cost(4), Asked.Cost(4));
        for (var round = 0; round < 2; round++)
        {
            foreach (var cost in new[] { kept, twin })
            {
                foreach (var one in new[] { engine, other })
                    (await one.AcquireAsync(cost)).Permit.TrySpend(one.Time.NowMs, out _);
                engine.Time.Advance(11_000);
                await engine.LetGoAsync(left: 0);
            }
        }

        foreach (var cost in new[] { kept, twin })
        {
            Assert.Equal(RefusalKind.NoRoom, (await engine.AcquireAsync(cost)).Refusal!.Kind);
            Assert.Equal(RefusalKind.NoRoom, (await other.AcquireAsync(cost)).Refusal!.Kind);
        }
    }
}
