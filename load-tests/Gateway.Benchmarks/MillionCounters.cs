using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Gateway.Limits.Model;

namespace Gateway.Benchmarks;

/// <summary>Decisions over so many counters that none is in the processor's caches, on one core.</summary>
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

        // Twice: the first of them may be idle, and let go of, by the time the last has its block.
        var together = new ParallelOptions { MaxDegreeOfParallelism = 512 };
        for (var pass = 0; pass < 2; pass++)
            await Parallel.ForEachAsync(made, together, (costs, _) => _engine.WarmAsync(costs[0]));

        // A stride that is prime to the number of counters: each is met again only after all others. The list of calls
        // is in their order; what a caller has, a key and its costs, lies where it was made.
        _costs = new ImmutableArray<LimitCost>[Many];
        for (var i = 0; i < Many; i++) _costs[i] = made[(int)(i * 611_953L % Many)];
        await Admit();
    }

    [GlobalCleanup]
    public async Task CleanUp() => await _engine.DisposeAsync();

    // All of them each time: between two iterations the memory is collected, which takes long with so many, and what a
    // part of them would measure are counters that were let go of as idle meanwhile.
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
