using Gateway.Limits.Model;
using Gateway.Limits.Windows;
using Gateway.Storage.Local.Journal;

namespace Gateway.Benchmarks;

/// <summary>The bytes that a counter takes besides its key, in use and evicted.</summary>
internal static class CounterMemory
{
    /// <summary>Few enough to create all of them before the first is evicted as idle.</summary>
    private const int Counters = 200_000;

    public static async Task PrintAsync()
    {
        using var folder = new TestFolder("limits-memory-");
        var period = QuietWindow.Find(TimeProvider.System);
        var keys = new CounterKey[Counters];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = new CounterKey(LimitScope.Grant, "bot@afip", "c" + i, WindowKind.Fixed, period);
        var options = new JournalEngineOptions { DataDirectory = folder.Path };
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using (var limiter = await JournalEngine.OpenAsync(options, TimeProvider.System))
        {
            await Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = 512 }, async (key, _) =>
            {
                var cost = new LimitCost(key, Amount.FromUnits(10), Amount.One);
                var request = new LimitRequest(CallId.New(), limiter.Clock.NowMs(), [cost]);
                var decision = await limiter.AcquireAsync(request, CancellationToken.None);
                decision.Permit.TrySpend(limiter.Clock.NowMs(), out int _);
            });
            if (limiter.Statistics.CountersInMemory != Counters)
                throw new InvalidOperationException("Some counters are idle by now: the machine is too busy.");
            Print("in use", before);
        }

        before = GC.GetTotalMemory(forceFullCollection: true);
        await using (await JournalEngine.OpenAsync(options, TimeProvider.System))
            Print("at rest, its key included", before);
        GC.KeepAlive(keys);
    }

    private static void Print(string what, long before)
    {
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine($"a counter {what}: {bytes / Counters} bytes");
    }
}
