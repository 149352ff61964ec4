namespace Gateway.Limits.Tests.Engine;

/// <summary>One call id, asked again before it was answered, counts once.</summary>
public sealed class RepeatedCallTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("a", "b")]
    public async Task A_call_that_is_repeated_before_its_answer_counts_once_and_is_sent_once(params string[] counters)
    {
        await using var engine = new EngineFixture(new LocalEngineOptions());
        engine.Store.Hold();
        var call = Call(engine, counters);
        var asked = Enumerable.Range(0, 4).Select(_ => AcquireAsync(engine, call, default)).ToList();
        engine.Store.Open();

        var spent = 0;
        foreach (var decision in await Task.WhenAll(asked))
            if (decision.Permit!.TrySpend(engine.Time.NowMs, out _) == SpendOutcome.Spent) spent++;
        Assert.Equal(1, spent);
        foreach (var counter in counters) Assert.Equal(2, (await engine.ExhaustAsync(3, counter)).Admitted);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a", "b")]
    public async Task One_that_gives_up_takes_nothing_from_the_other(params string[] counters)
    {
        await using var engine = new EngineFixture(new LocalEngineOptions());
        engine.Store.Hold();
        var call = Call(engine, counters);
        using var patience = new CancellationTokenSource();
        var first = AcquireAsync(engine, call, patience.Token);
        var second = AcquireAsync(engine, call, default);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        engine.Store.Open();

        Assert.Equal(SpendOutcome.Spent, (await second).Permit!.TrySpend(engine.Time.NowMs, out _));
        foreach (var counter in counters) Assert.Equal(2, (await engine.ExhaustAsync(3, counter)).Admitted);
    }

    [Fact]
    public async Task When_all_give_up_nothing_is_counted()
    {
        await using var engine = new EngineFixture(new LocalEngineOptions());
        engine.Store.Hold();
        var call = Call(engine, "a");
        using var patience = new CancellationTokenSource();
        var asked = Enumerable.Range(0, 2).Select(_ => AcquireAsync(engine, call, patience.Token)).ToList();
        await patience.CancelAsync();
        foreach (var one in asked) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        engine.Store.Open();
        Assert.Equal(3, (await engine.ExhaustAsync(3, "a")).Admitted);
    }

    private static LimitRequest Call(EngineFixture engine, params string[] counters) =>
        engine.Call([.. counters.Select(static counter => Asked.Cost(3, counter: counter))]);

    private static Task<LimitDecision> AcquireAsync(
        EngineFixture engine, LimitRequest call, CancellationToken cancellationToken) =>
        engine.Limiter.AcquireAsync(call, cancellationToken).AsTask();
}
