using System.Diagnostics.CodeAnalysis;

namespace Gateway.Cluster.Tests.Fleets;

/// <summary>
/// Callers at three frontends that call one counter, at a pace, until it is used up; and the history of what they were
/// given. Bounded by the counter's maximum and by time.
/// </summary>
internal sealed class Traffic : IDisposable
{
    private const int Frontends = 3;
    private const int CallersEach = 8;
    private const int Max = 20_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly SiloFleet _fleet;
    private readonly SiloFleet _second;
    private readonly ITestOutputHelper _output;
    private readonly TimeSpan _pace;
    private readonly LimitCost _cost;
    private readonly ConcurrentQueue<(long AtMs, Permit Permit)> _permits = new();
    private readonly ConcurrentDictionary<string, int> _denials = new();
    private readonly CancellationTokenSource _end = new(Patience);
    private readonly SemaphoreSlim _admitted = new(0);
    private Task _callers = Task.CompletedTask;
    private int _seen;

    /// <param name="fleet">Who is called.</param>
    /// <param name="output">Where what was seen is told.</param>
    /// <param name="paceMs">How often each of the 24 callers calls.</param>
    /// <param name="second">Another fleet over the same store, which one of the frontends calls; null for none.</param>
    public Traffic(SiloFleet fleet, ITestOutputHelper output, int paceMs = 4, SiloFleet? second = null)
    {
        _second = second ?? fleet;
        (_fleet, _output, _pace) = (fleet, output, TimeSpan.FromMilliseconds(paceMs));
        var key = new CounterKey(LimitScope.Grant, "agent@afip", "calls", WindowKind.Fixed, Window.Month);
        _cost = new LimitCost(key, Amount.FromUnits(Max), Amount.One);
    }

    /// <summary>The counter that is called.</summary>
    public CounterKey Key => _cost.Key;

    public async Task StartAsync()
    {
        var limiters = new ClusterEngine[Frontends];
        for (var i = 0; i < Frontends; i++) limiters[i] = await (i == 1 ? _second : _fleet).LimiterAsync();
        var callers = Enumerable.Range(0, Frontends * CallersEach);
        _callers = Task.WhenAll(callers.Select(i => Task.Run(() => CallAsync(limiters[i % Frontends]))));
    }

    /// <summary>Waits until so many more calls were admitted.</summary>
    public async Task AdmitAsync(int more)
    {
        for (var until = _seen + more; _seen < until; _seen++) await _admitted.WaitAsync(_end.Token);
    }

    /// <summary>Waits until all callers were told that nothing is left.</summary>
    public Task RunDryAsync() => _callers;

    /// <summary>
    /// No number in two hands, none at or above the maximum, and at most what <paramref name="faults"/> owners that
    /// ended without a hand-back may lose was not given out: one and a half blocks of a quarter of the maximum each.
    /// </summary>
    [SuppressMessage("Usage", "CA1508", Justification = "The loop's own bounds.")]
    public void AssertExact(int faults)
    {
        var numbers = _permits.SelectMany(one => one.Permit.Parts).SelectMany(part => part.Intervals)
            .OrderBy(numberRange => numberRange.Low).ToArray();
        Report(numbers.Length);
        for (var i = 1; i < numbers.Length; i++)
            Assert.True(numbers[i].Low >= numbers[i - 1].High, $"in two hands: {numbers[i]}");
        Assert.True(numbers[^1].High <= _cost.Max.Nano, "above the maximum");
        Assert.True(_permits.Count >= Max - (faults * 3 * Max / 8), $"only {_permits.Count} of {Max} were admitted");
    }

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
        _admitted.Dispose();
    }

    private void Report(int numbers)
    {
        var times = _permits.Select(one => one.AtMs).Order().ToArray();
        var gaps = times.Skip(1).Zip(times, (later, earlier) => later - earlier).OrderDescending().Take(4);
        _output.WriteLine($"{numbers} of {Max} admitted in {times[^1] - times[0]} ms");
        _output.WriteLine($"longest times without an admission: {string.Join(", ", gaps)} ms");
        foreach (var (reason, count) in _denials) _output.WriteLine($"{count} denied: {reason}");
    }

    private async Task CallAsync(ClusterEngine limiter)
    {
        using var pace = new PeriodicTimer(_pace);
        while (!_end.IsCancellationRequested)
        {
            var nowMs = _fleet.Clock.NowMs();
            var decision = await limiter.AcquireAsync(new LimitRequest(CallId.New(), nowMs, [_cost]), default);
            if (decision.Refusal is { Kind: RefusalKind.NoRoom }) return;
            if (decision.Refusal is { } refusal)
            {
                _denials.AddOrUpdate(refusal.Reason, 1, static (_, count) => count + 1);
            }
            else
            {
                Assert.Equal(SpendOutcome.Spent, decision.Permit!.TrySpend(_fleet.Clock.NowMs(), out _));
                _permits.Enqueue((_fleet.Clock.NowMs(), decision.Permit));
                _admitted.Release();
            }

            await pace.WaitForNextTickAsync(_end.Token);
        }
    }
}
