using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Gateway.Limits.Model;

namespace Gateway.Benchmarks;

/// <summary>Decisions on so many counters that the processor's caches hold none of them, on one core.</summary>
[MemoryDiagnoser]
public class MillionCounters
{
    private const int Many = 1_000_000;
    private const int Batch = 1000;

    private Engine _engine = null!;
    private ImmutableArray<LimitCost>[] _costs = [];

    [GlobalSetup]
    public async Task SetUp()
    {
        _engine = await Engine.OpenAsync();
        var made = new ImmutableArray<LimitCost>[Many];
        for (var i = 0; i < Many; i++) made[i] = [Engine.Cost("c" + i, 1_000_000_000)];

        // Twice, because the first of them may be idle and evicted by the time the last has its block.
        var together = new ParallelOptions { MaxDegreeOfParallelism = 512 };
        for (var pass = 0; pass < 2; pass++)
            await Parallel.ForEachAsync(made, together, (costs, _) => _engine.WarmAsync(costs[0]));

        // The stride is coprime to the number of counters, so that each is used again only after all others. The list
        // of calls is in that order; a caller's key and costs stay where they were created.
        _costs = new ImmutableArray<LimitCost>[Many];
        for (var i = 0; i < Many; i++) _costs[i] = made[(int)(i * 611_953L % Many)];
        await Admit();
    }

    [GlobalCleanup]
    public async Task CleanUp() => await _engine.DisposeAsync();

    // All of them each time. Between two iterations the garbage collector runs, which takes long with so many, and a
    // benchmark of a part of them would measure counters that were evicted as idle in the meantime.
    [Benchmark(OperationsPerInvoke = Many)]
    public async Task Admit()
    {
        for (var i = 0; i < Many; i++)
        {
            if (i % Batch == 0) _engine.LookAtClock();
            await _engine.CallAsync(_costs[i]);
        }
    }
}
