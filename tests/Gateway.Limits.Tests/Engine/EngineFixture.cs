namespace Gateway.Limits.Tests.Engine;

/// <summary>A whole engine over a journal on a disk in memory, with a clock and a store that the test moves.</summary>
internal sealed class EngineFixture : IAsyncDisposable
{
    public EngineFixture(LocalEngineOptions options, int journalCountersMax = 100)
    {
        var journalOptions = new JournalOptions { Bounds = new() { CountersMax = journalCountersMax } };
        Journal = new JournalStore(new MemoryDisk(), journalOptions, Time, Time.NowMs);
        Store = new HeldStore(Journal);
        Store.Open();
        options = options with { StoreTimeoutMs = 0, AcquireTimeoutMs = 60_000 };
        Limiter = new LocalEngine(Store, options, Time, new ProcessClock(Time));
    }

    public ManualTime Time { get; } = new("2026-03-01T12:00:10Z");

    public JournalStore Journal { get; }

    public HeldStore Store { get; }

    public LocalEngine Limiter { get; }

    public LimitRequest Call(params LimitCost[] costs) => Asked.Call(Time.NowMs, [.. costs]);

    public ValueTask<LimitDecision> AcquireAsync(params LimitCost[] costs) =>
        Limiter.AcquireAsync(Call(costs), CancellationToken.None);

    /// <summary>Calls of cost 1 that reach their server, until the first refusal, and that refusal.</summary>
    public async Task<(int Admitted, LimitRefusal Refusal)> ExhaustAsync(int max, string counter)
    {
        for (var admitted = 0; ; admitted++)
        {
            var decision = await AcquireAsync(Asked.Cost(max, counter: counter));
            if (!decision.IsAdmitted) return (admitted, decision.Refusal);
            Assert.Equal(SpendOutcome.Spent, decision.Permit.TrySpend(Time.NowMs, out _));
        }
    }

    /// <summary>Lets go of counters until no more than so many are left.</summary>
    public async Task LetGoAsync(int left)
    {
        for (Limiter.Evict(); Limiter.CountersInMemory > left; Limiter.Evict()) await Task.Yield();
    }

    public async ValueTask DisposeAsync()
    {
        Store.Open();
        await Limiter.DisposeAsync();
        await Journal.DisposeAsync();
    }
}
