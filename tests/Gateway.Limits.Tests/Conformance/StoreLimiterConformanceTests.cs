using Gateway.Limits.Owning;

namespace Gateway.Limits.Tests.Conformance;

public sealed class StoreLimiterConformanceTests : LimiterConformance
{
    private readonly SharedStore _store = new();

    [Fact]
    public async Task Four_engines_on_one_store_admit_exactly_the_maximum()
    {
        var engines = new ILimiter[4];
        for (var i = 0; i < engines.Length; i++) engines[i] = await OpenAsync(strictWindows: false);
        var admitted = 0;
        await Task.WhenAll(engines.SelectMany(engine => Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                var decision = await engine.AcquireAsync(Asked.Call(Time.NowMs, Asked.Cost(60)), default);
                if (decision.Permit.TrySpend(Time.NowMs, out var _) == SpendOutcome.Spent)
                    Interlocked.Increment(ref admitted);
            }
        }))));
        Assert.Equal(60, admitted);
        foreach (var engine in engines) await CloseAsync(engine);
    }

    protected override Task<ILimiter> OpenAsync(bool strictWindows)
    {
        var options = new StoreLimiterOptions { StrictWindows = strictWindows, StoreTimeoutMs = 0 };
        return Task.FromResult<ILimiter>(new StoreLimiter(_store, options, Time, new ProcessClock(Time)));
    }

    protected override async Task CloseAsync(ILimiter limiter) => await ((StoreLimiter)limiter).DisposeAsync();
}
