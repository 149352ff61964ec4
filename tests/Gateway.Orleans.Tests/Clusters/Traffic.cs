namespace Gateway.Orleans.Tests.Clusters;

/// <summary>
/// Callers at several frontends that call one counter until it is used up, and the history of what they were given. It
/// is bounded by the counter's maximum and by time.
/// </summary>
internal sealed class Traffic(TestCluster cluster, LimitCost cost) : IDisposable
{
    private const int Frontends = 3;
    private const int CallersEach = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<Permit> _permits = new();
    private readonly CancellationTokenSource _end = new(Patience);
    private readonly SemaphoreSlim _admitted = new(0);
    private Task _callers = Task.CompletedTask;
    private int _seen;

    public void Start()
    {
        var limiters = Enumerable.Range(0, Frontends).Select(_ => cluster.Limiter()).ToArray();
        var callers = Enumerable.Range(0, Frontends * CallersEach);
        _callers = Task.WhenAll(callers.Select(i => Task.Run(() => CallAsync(limiters[i % Frontends]))));
    }

    /// <summary>Waits until so many calls were admitted.</summary>
    public async Task ReachAsync(int count)
    {
        for (; _seen < count; _seen++) await _admitted.WaitAsync(_end.Token);
    }

    /// <summary>Waits until every caller was told that nothing is left.</summary>
    public Task RunDryAsync() => _callers;

    /// <summary>No number in two hands, none above the maximum, and all but what faults may waste was given.</summary>
    public void AssertExact()
    {
        var numbers = _permits.SelectMany(permit => permit.Parts).SelectMany(part => part.Intervals)
            .OrderBy(numberRange => numberRange.Low).ToArray();
        for (var i = 1; i < numbers.Length; i++) Assert.True(numbers[i].Low >= numbers[i - 1].High, "two hands");
        Assert.True(numbers[^1].High <= cost.Max.Nano, "above the maximum");
        Assert.True(_permits.Count >= cost.Max.Nano / cost.Cost.Nano / 4, $"only {_permits.Count} were admitted");
    }

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
        _admitted.Dispose();
    }

    private async Task CallAsync(ClusterEngine limiter)
    {
        while (!_end.IsCancellationRequested)
        {
            var decision = await limiter.CallAsync(cluster, cost);
            if (decision.Refusal is { Kind: RefusalKind.NoRoom }) return;
            if (!decision.IsAdmitted) continue;
            _permits.Enqueue(decision.Permit);
            decision.Permit.TrySpend(cluster.Clock.NowMs(), out _);
            _admitted.Release();
        }
    }
}
