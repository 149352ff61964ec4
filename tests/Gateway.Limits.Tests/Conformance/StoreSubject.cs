namespace Gateway.Limits.Tests.Conformance;

/// <summary>Engines that share a store in memory.</summary>
internal sealed class StoreSubject : ILimiterSubject
{
    private readonly SharedStore _store = new();

    public Task<ILimiter> OpenAsync(ManualTime time, bool strictWindows)
    {
        var options = new LocalEngineOptions { StrictWindows = strictWindows, StoreTimeoutMs = 0 };
        return Task.FromResult<ILimiter>(new LocalEngine(_store, options, time, new ProcessClock(time)));
    }

    public async Task CloseAsync(ILimiter limiter) => await ((LocalEngine)limiter).DisposeAsync();

    /// <summary>Of 320 calls at once on four engines, those that were admitted and spent.</summary>
    public async Task<int> AdmittedByFourAsync(ManualTime time, LimitCost cost)
    {
        var engines = new ILimiter[4];
        for (var i = 0; i < engines.Length; i++) engines[i] = await OpenAsync(time, strictWindows: false);
        var admitted = 0;
        await Task.WhenAll(engines.SelectMany(engine => Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                var decision = await engine.AcquireAsync(Asked.Call(time.NowMs, cost), default);
                if (decision.Permit.TrySpend(time.NowMs, out var _) == SpendOutcome.Spent)
                    Interlocked.Increment(ref admitted);
            }
        }))));
        foreach (var engine in engines) await CloseAsync(engine);
        return admitted;
    }
}
