using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Gateway.Limits.Model;

namespace Gateway.Benchmarks;

/// <summary>Decisions on counters in the processor's caches, on one core.</summary>
[MemoryDiagnoser]
public class HotCounter
{
    private const int Batch = 1000;

    private Engine _engine = null!;
    private ImmutableArray<LimitCost> _hot;
    private ImmutableArray<LimitCost> _two;
    private ImmutableArray<LimitCost> _three;
    private ImmutableArray<LimitCost> _full;
    private ImmutableArray<LimitCost> _hotAndFull;

    [GlobalSetup]
    public async Task SetUp()
    {
        _engine = await Engine.OpenAsync();
        var full = Engine.Cost("full", 1);
        await _engine.CallAsync([full]);
        _hot = [Engine.Cost("hot", 900_000_000_000_000)];
        _two = [_hot[0], Engine.Cost("hot2", 900_000_000_000_000)];
        _three = [.. _two, Engine.Cost("hot3", 900_000_000_000_000)];
        _full = [full];
        _hotAndFull = [_hot[0], full];
        foreach (var cost in _three) await _engine.WarmAsync(cost);
        for (var i = 0; i < 1_000_000; i++) await _engine.CallAsync(_three);
    }

    [GlobalCleanup]
    public async Task CleanUp() => await _engine.DisposeAsync();

    [Benchmark(OperationsPerInvoke = Batch)]
    public async Task Admit()
    {
        _engine.LookAtClock();
        for (var i = 0; i < Batch; i++) await _engine.CallAsync(_hot);
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public async Task AdmitByTwoLimits()
    {
        _engine.LookAtClock();
        for (var i = 0; i < Batch; i++) await _engine.CallAsync(_two);
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public async Task AdmitByThreeLimits()
    {
        _engine.LookAtClock();
        for (var i = 0; i < Batch; i++) await _engine.CallAsync(_three);
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public async Task Refuse()
    {
        _engine.LookAtClock();
        for (var i = 0; i < Batch; i++) await _engine.AcquireAsync(_full);
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public async Task RefuseByTheSecondLimit()
    {
        _engine.LookAtClock();
        for (var i = 0; i < Batch; i++) await _engine.AcquireAsync(_hotAndFull);
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public async Task Peek()
    {
        _engine.LookAtClock();
        for (var i = 0; i < Batch; i++) await _engine.PeekAsync(_hot);
    }
}
