using BenchmarkDotNet.Attributes;
using Gateway.Limits.Embedded;

namespace Gateway.Limits.Benchmarks;

/// <summary>One decision on one counter that is in use, and one over a million counters.</summary>
[MemoryDiagnoser]
public class LimiterBenchmarks
{
    private const int Many = 1_000_000;
    private const int Batch = 1000;

    private static readonly Window Period = QuietWindow.Find(TimeProvider.System);

    private string _folder = "";
    private EmbeddedLimiter _limiter = null!;
    private LimitCost _hot;
    private LimitCost _full;
    private LimitCost[] _many = [];
    private long _nowMs;
    private int _next;

    [GlobalSetup]
    public async Task SetUp()
    {
        _folder = Directory.CreateTempSubdirectory("limits-benchmark-").FullName;
        _limiter = await EmbeddedLimiter.OpenAsync(
            new EmbeddedLimiterOptions { DataDirectory = _folder }, TimeProvider.System);
        _nowMs = _limiter.Clock.NowMs();
        _hot = Cost("hot", 900_000_000_000_000);
        _full = Cost("full", 1);
        (await AcquireAsync(_full)).Permit!.TrySpend(_nowMs, out _);
        _many = [.. Enumerable.Range(0, Many).Select(static i => Cost("c" + i, 1_000_000_000))];

        // Each has a block in hand, as a counter in use has.
        await Parallel.ForEachAsync(_many, new ParallelOptions { MaxDegreeOfParallelism = 512 }, async (cost, _) =>
        {
            var block = await AcquireAsync(cost with { Cost = Amount.FromUnits(1000) });
            if (!block.IsAdmitted) throw new InvalidOperationException(block.Refusal.Reason);
            await _limiter.ReleaseAsync(block.Permit, CancellationToken.None);
        });
        for (var i = 0; i < 2_000_000; i++) await AcquireAsync(_hot);
    }

    [GlobalCleanup]
    public async Task CleanUp()
    {
        await _limiter.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public async Task AdmitHot()
    {
        for (var i = 0; i < Batch; i++) await AcquireAsync(_hot);
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public async Task Refuse()
    {
        for (var i = 0; i < Batch; i++) await AcquireAsync(_full);
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public async Task AdmitOverAMillionCounters()
    {
        for (var i = 0; i < Batch; i++)
        {
            _next = (_next + 611_953) % Many;
            await AcquireAsync(_many[_next]);
        }
    }

    private ValueTask<LimitDecision> AcquireAsync(LimitCost cost) =>
        _limiter.AcquireAsync(new LimitRequest(CallId.New(), _nowMs, [cost]), CancellationToken.None);

    private static LimitCost Cost(string counter, long max)
    {
        var key = new CounterKey(LimitScope.Grant, "bot@afip", counter, LimitKind.Fixed, Period);
        return new LimitCost(key, Amount.FromUnits(max), Amount.One);
    }
}
