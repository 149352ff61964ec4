using Gateway.Limits.Tests.Conformance;

namespace Gateway.Limits.Tests.Acquiring;

/// <summary>What a caller is told of a refusal.</summary>
public sealed class RefusalTextTests
{
    [Fact]
    public async Task The_text_for_an_unavailable_engine_states_it_once()
    {
        var time = new ManualTime("2026-03-01T12:00:00Z");
        var options = new LocalEngineOptions { StoreTimeoutMs = 0, StoreFault = static () => "The store is away." };
        await using var engine = new LocalEngine(new SharedStore(), options, time, new ProcessClock(time));
        var refused = (await engine.AcquireAsync(Asked.Call(time.NowMs, Asked.Cost(1)), default)).Refusal!;
        Assert.Equal("(engine unavailable): The store is away.", refused.Reason);

        var passedOn = RefusalText.Unavailable(refused.Reason.TrimEnd('.')).Refusal!;

        Assert.Equal(refused.Reason, passedOn.Reason);
    }
}
