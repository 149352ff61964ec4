using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;

namespace Gateway.Limits.Benchmarks;

/// <summary>Decisions over so many counters that none is in the processor's caches, on one core.</summary>
[MemoryDiagnoser]
public class MillionCounters
{
    private const int Many = 1_000_000;
    private const int Batch = 1000;

    private Engine _engine = null!;
    private ImmutableArray<LimitCost>[] _costs = [];
    private int _next;

    [GlobalSetup]
    public async Task SetUp()
    {
        _engine = await Engine.OpenAsync();
        _costs = [.. Enumerable.Range(0, Many).Select(static i => ImmutableArray.Create(
            Engine.Cost("c" + i, 1_000_000_000)))];
        await Parallel.ForEachAsync(
            _costs, new ParallelOptions { MaxDegreeOfParallelism = 512 }, (costs, _) => _engine.WarmAsync(costs[0]));
    }

    [GlobalCleanup]
    public async Task CleanUp() => await _engine.DisposeAsync();

    [Benchmark(OperationsPerInvoke = Batch)]
    public async Task Admit()
    {
        for (var i = 0; i < Batch; i++)
        {
            // A stride that is prime to the number of counters: each is met again only after all others.
            _next = (_next + 611_953) % Many;
            await _engine.CallAsync(_costs[_next]);
        }
    }
}
