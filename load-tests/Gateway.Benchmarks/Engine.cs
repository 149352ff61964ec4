using System.Collections.Immutable;
using Gateway.Limits.Model;
using Gateway.Limits.Windows;
using Gateway.Storage.Local.Journal;

namespace Gateway.Benchmarks;

/// <summary>An embedded engine over its own journal, and the ways in which a call uses it.</summary>
internal sealed class Engine : IAsyncDisposable
{
    private readonly TestFolder _folder;
    private readonly JournalEngine _limiter;
    private long _nowMs;

    private Engine(TestFolder folder, JournalEngine limiter) =>
        (_folder, _limiter, _nowMs) = (folder, limiter, limiter.Clock.NowMs());

    public static Window Period { get; } = QuietWindow.Find(TimeProvider.System);

    public static async Task<Engine> OpenAsync()
    {
        var folder = new TestFolder("limits-benchmark-");
        return new Engine(folder, await JournalEngine.OpenAsync(
            new JournalEngineOptions { DataDirectory = folder.Path }, TimeProvider.System));
    }

    public static LimitCost Cost(string counter, long max)
    {
        var key = new CounterKey(LimitScope.Grant, "bot@afip", counter, WindowKind.Fixed, Period);
        return new LimitCost(key, Amount.FromUnits(max), Amount.One);
    }

    public ValueTask<LimitDecision> AcquireAsync(params ImmutableArray<LimitCost> costs) =>
        _limiter.AcquireAsync(new LimitRequest(CallId.New(), _nowMs, costs), CancellationToken.None);

    public ValueTask<LimitDecision> PeekAsync(params ImmutableArray<LimitCost> costs) =>
        _limiter.PeekAsync(new LimitRequest(CallId.New(), _nowMs, costs), CancellationToken.None);

    /// <summary>Runs a complete admission: call id, decision, permit spent, call ended.</summary>
    public async ValueTask CallAsync(ImmutableArray<LimitCost> costs)
    {
        var decision = await AcquireAsync(costs);
        if (!decision.IsAdmitted) throw new InvalidOperationException(decision.Refusal.Reason);
        decision.Permit.TrySpend(_nowMs, out _);
        decision.Permit.Complete();
    }

    /// <summary>
    /// Reads the clock, once for many calls. A clock that stood still would make counters in use look idle, and the
    /// engine would evict them.
    /// </summary>
    public void LookAtClock() => _nowMs = _limiter.Clock.NowMs();

    /// <summary>Gives the counter a block, as a counter in use has one.</summary>
    public async ValueTask WarmAsync(LimitCost cost)
    {
        var block = await AcquireAsync([cost with { Cost = Amount.FromUnits(1000) }]);
        if (!block.IsAdmitted) throw new InvalidOperationException(block.Refusal.Reason);
        await _limiter.ReleaseAsync(block.Permit, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _limiter.DisposeAsync();
        _folder.Dispose();
    }
}
