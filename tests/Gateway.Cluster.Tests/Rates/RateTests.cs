namespace Gateway.Cluster.Tests.Rates;

/// <summary>
/// Decisions a second from another process, durable in PostgreSQL before they are given out. The figures are for the
/// reader; what is asserted is only that every call was admitted.
/// </summary>
public sealed class RateTests(ITestOutputHelper output)
{
    private const int Callers = 64;
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(5);

    /// <summary>The runtime compiles what runs often twice, and is done with that by then.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);
    private static readonly Amount Max = Amount.FromUnits(1_000_000_000);

    private readonly ConcurrentDictionary<string, int> _denied = new();

    [FullFact]
    public async Task Measures_the_decisions_per_second_of_one_silo()
    {
        await using var fleet = await SiloFleet.StartAsync(silos: 1);
        using var limiter = await fleet.LimiterAsync();
        await RateAsync(limiter, fleet.Clock, [.. Enumerable.Range(1_000_000, 1000).Select(Key)], WarmUp);
        foreach (var counters in new[] { 1, 1000, 100_000 })
        {
            // Other counters than before, so that each has its first call here.
            var keys = Enumerable.Range(counters, counters).Select(Key).ToArray();
            var before = fleet.Silos[0].WorkingSet;
            var clock = Stopwatch.StartNew();
            await EachAsync(limiter, fleet.Clock, keys);
            output.WriteLine(
                $"{counters} counters: first call of each in {clock.ElapsedMilliseconds} ms, "
                + $"{(fleet.Silos[0].WorkingSet - before) / counters} bytes of the silo's memory each");
            var rate = await RateAsync(limiter, fleet.Clock, keys, Measured);
            output.WriteLine($"{counters} counters: {rate:N0} decisions a second by {Callers} callers");
        }

        Assert.Empty(_denied);
    }

    [FullFact]
    public async Task Measures_the_cost_of_TLS_between_frontends_and_silos()
    {
        using var certificates = new FleetCertificates();
        CounterKey[] keys = [.. Enumerable.Range(1, 1000).Select(Key)];
        // In turns, as the machine may be busier at one time than at another.
        foreach (var isSecure in new[] { false, true, false, true, false, true })
        {
            await using var fleet = await SiloFleet.StartAsync(silos: 1, isSecure ? certificates : null);
            using var limiter = await fleet.LimiterAsync();
            await RateAsync(limiter, fleet.Clock, keys, WarmUp);
            var rate = await RateAsync(limiter, fleet.Clock, keys, Measured);
            output.WriteLine($"{(isSecure ? "with" : "without")} TLS: {rate:N0} decisions a second");
        }

        Assert.Empty(_denied);
    }

    private static CounterKey Key(int number) =>
        new(LimitScope.Grant, $"agent-{number}@afip", "calls", WindowKind.Fixed, Window.Month);

    private async Task EachAsync(ClusterEngine limiter, ProcessClock clock, CounterKey[] keys)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < keys.Length;) await CallAsync(limiter, clock, keys[i]);
        })));
    }

    private async Task<double> RateAsync(ClusterEngine limiter, ProcessClock clock, CounterKey[] keys, TimeSpan length)
    {
        var calls = 0L;
        var elapsed = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            for (; elapsed.Elapsed < length; Interlocked.Increment(ref calls))
                await CallAsync(limiter, clock, keys[random.Next(keys.Length)]);
        })));
        return calls / elapsed.Elapsed.TotalSeconds;
    }

    private async Task CallAsync(ClusterEngine limiter, ProcessClock clock, CounterKey key)
    {
        var nowMs = clock.NowMs();
        var request = new LimitRequest(CallId.New(), nowMs, [new LimitCost(key, Max, Amount.One)]);
        var decision = await limiter.AcquireAsync(request, default);
        if (decision.Permit.TrySpend(nowMs, out _) != SpendOutcome.Spent)
            _denied.AddOrUpdate(decision.Refusal?.Reason ?? "not spent", 1, static (_, count) => count + 1);
    }
}
