using Gateway.Limits.Tests.Conformance;

namespace Gateway.Limits.Tests.Engine;

/// <summary>When a refusal on a shared store waits, and for what.</summary>
public sealed class SharedRefusalTests : IAsyncDisposable
{
    /// <summary>Longer than a refusal is kept, shorter than a call waits for its answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);

    private readonly ManualTime _clock = new("2026-03-01T12:00:10Z");
    private readonly TimerlessTime _time;
    private readonly LocalEngine _one;
    private readonly LocalEngine _other;

    public SharedRefusalTests()
    {
        _time = new TimerlessTime(_clock);
        var store = new SharedStore();
        var options = new LocalEngineOptions { StoreTimeoutMs = 0 };
        _one = new LocalEngine(store, options, _time, new ProcessClock(_time));
        _other = new LocalEngine(store, options, _time, new ProcessClock(_time));
    }

    [Theory]
    [InlineData("fixed")]
    [InlineData("sliding")]
    public async Task Refuses_at_once_where_the_record_is_full_and_all_that_was_given_out_is_sent(string kind)
    {
        await SpendAsync(_one, kind, max: 3);
        await SpendAsync(_other, kind, max: 3);
        await SpendAsync(_one, kind, max: 3);
        foreach (var limiter in (LocalEngine[])[_one, _other])
        {
            var refused = await AskAsync(limiter, kind, max: 3).WaitAsync(Guard);
            Assert.Equal(RefusalKind.NoRoom, refused.Refusal!.Kind);
        }
    }

    [Theory]
    [InlineData("fixed")]
    [InlineData("sliding")]
    public async Task Keeps_a_call_a_moment_while_what_its_own_engine_gave_out_may_come_back(string kind)
    {
        var first = await AskAsync(_one, kind, max: 1);
        var second = AskAsync(_one, kind, max: 1);
        await UntilKeptAsync();
        Assert.False(second.IsCompleted);
        await _one.ReleaseAsync(first.Permit, default);
        Assert.True((await second.WaitAsync(Guard)).IsAdmitted);
    }

    [Theory]
    [InlineData("fixed")]
    [InlineData("sliding")]
    public async Task Refuses_a_call_that_it_kept_once_somebody_asks_and_nothing_may_come_back(string kind)
    {
        var first = await AskAsync(_one, kind, max: 1);
        var second = AskAsync(_one, kind, max: 1);
        await UntilKeptAsync();
        Assert.Equal(SpendOutcome.Spent, first.Permit.TrySpend(_clock.NowMs, out _));
        var third = AskAsync(_one, kind, max: 1);
        Assert.False((await third.WaitAsync(Guard)).IsAdmitted);
        Assert.False((await second.WaitAsync(Guard)).IsAdmitted);
    }

    [Theory]
    [InlineData("fixed")]
    [InlineData("sliding")]
    public async Task Admits_what_another_engine_has_given_back_though_it_was_refused_before(string kind)
    {
        var first = await AskAsync(_other, kind, max: 1);
        Assert.False((await AskAsync(_one, kind, max: 1).WaitAsync(Guard)).IsAdmitted);
        await _other.ReleaseAsync(first.Permit, default);
        await _other.DisposeAsync();
        Assert.True((await AskAsync(_one, kind, max: 1).WaitAsync(Guard)).IsAdmitted);
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
    }

    private async Task SpendAsync(LocalEngine limiter, string kind, long max)
    {
        var decision = await AskAsync(limiter, kind, max);
        Assert.Equal(SpendOutcome.Spent, decision.Permit.TrySpend(_clock.NowMs, out _));
    }

    private Task<LimitDecision> AskAsync(LocalEngine limiter, string kind, long max)
    {
        var cost = kind == WindowKind.Sliding.Name ? Asked.Sliding(max) : Asked.Cost(max);
        return limiter.AcquireAsync(Asked.Call(_clock.NowMs, cost), default).AsTask();
    }

    /// <summary>Until a timer stands that ends a kept call's patience.</summary>
    private async Task UntilKeptAsync()
    {
        while (!_time.Asked.Any(static asked => asked <= Patience)) await Task.Yield();
    }
}
