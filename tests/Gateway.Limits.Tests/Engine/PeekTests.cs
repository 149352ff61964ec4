namespace Gateway.Limits.Tests.Engine;

/// <summary>A look at a counter, which takes nothing.</summary>
public sealed class PeekTests
{
    /// <summary>A look in an outage left its counter waiting for an answer to what was never asked.</summary>
    [Fact]
    public async Task A_look_that_the_store_does_not_answer_keeps_no_later_call_from_being_counted()
    {
        await using var engine = new EngineFixture(new LocalEngineOptions());
        engine.Store.IsAway = true;
        var look = await engine.Limiter.PeekAsync(engine.Call(Asked.Cost(3, counter: "a")), CancellationToken.None);
        Assert.Equal(RefusalKind.EngineUnavailable, look.Refusal?.Kind);
        engine.Store.IsAway = false;

        var again = await engine.Limiter.PeekAsync(engine.Call(Asked.Cost(3, counter: "a")), CancellationToken.None);

        Assert.True(again.IsAdmitted, again.Refusal?.Reason);
        Assert.Equal(3, (await engine.ExhaustAsync(3, "a")).Admitted);
    }
}
