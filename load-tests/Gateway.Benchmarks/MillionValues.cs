using System.Diagnostics;
using Gateway.Limits.Acquiring;
using Gateway.Limits.Model;
using Gateway.Limits.Windows;
using Gateway.Storage.Local.Journal;

namespace Gateway.Benchmarks;

/// <summary>
/// The memory and time of a limit by value over many values: each new, then each again, then one alone.
/// </summary>
internal static class MillionValues
{
    private const int Repeats = 1_000_000;

    public static async Task PrintAsync(int values)
    {
        using var folder = new TestFolder("limits-values-");
        // Each round is shorter than the idle time, so no counter is evicted before the memory is measured.
        await using var engine = await JournalEngine.OpenAsync(
            new JournalEngineOptions { DataDirectory = folder.Path }, TimeProvider.System);
        var limiter = new ValueLimiter(engine, new OwnValueKey());
        var period = QuietWindow.Find(TimeProvider.System);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await RoundAsync("new", values, i => i);
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        var counters = engine.Statistics.CountersInMemory;
        Console.WriteLine($"{bytes / values} bytes a value, with {counters} counters in memory");
        await RoundAsync("counted before", values, i => i);
        await RoundAsync("one of 1,000", Repeats, static i => i % 1000);
        var journal = new DirectoryInfo(folder.Path).EnumerateFiles("*", SearchOption.AllDirectories)
            .Sum(static file => file.Length);
        Console.WriteLine($"{journal / values} bytes of journal a value");

        async Task RoundAsync(string what, int calls, Func<int, int> valueOf)
        {
            var (began, cpu) = (TimeProvider.System.GetTimestamp(), Process.GetCurrentProcess().TotalProcessorTime);
            await Parallel.ForAsync(0, calls, new ParallelOptions { MaxDegreeOfParallelism = 512 }, async (i, _) =>
            {
                var nowMs = engine.Clock.NowMs();
                var request = new LimitRequest(CallId.New(), nowMs, [Cost(valueOf(i), period, values)]);
                var decision = await limiter.AcquireAsync(request, CancellationToken.None);
                if (!decision.IsAdmitted) throw new InvalidOperationException(decision.Refusal.Reason);
                decision.Permit.TrySpend(nowMs, out int _);
                decision.Permit.Complete();
            });
            var used = Process.GetCurrentProcess().TotalProcessorTime - cpu;
            var rate = calls / TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            Console.WriteLine($"{calls} calls, a value {what}: {rate:N0} a second, "
                + $"{used.TotalMicroseconds / calls:F1} µs of CPU time each");
        }
    }

    private static LimitCost Cost(int value, Window period, int values)
    {
        CounterKey Named(string by) => new(
            LimitScope.Grant, "bot@mail", CounterKey.NameByValue("sent", by), WindowKind.Fixed, period);
        return new LimitCost(Named("c0ffee"), Amount.FromUnits(1_000_000), Amount.One)
        {
            Value = new LimitValue(BitConverter.GetBytes(value), Named("c0ffee~values"), Amount.FromUnits(values)),
        };
    }
}
