using System.Globalization;
using Gateway.Postgres.Tests.Clusters;
using Gateway.Postgres.Tests.Frontends;

namespace Gateway.Postgres.Tests.Figures;

/// <summary>Prints what a fleet on one database does on this machine; nothing is asserted.</summary>
internal static class FleetFigures
{
    private static readonly CounterSpec Hot = new("hot", 86_400, 1_000_000_000);
    private static int _schemas;

    public static async Task<int> PrintAsync(string[] arguments)
    {
        var seconds = arguments is [var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 5;
        await using var cluster = await TestCluster.StartNewAsync();
        Console.WriteLine($"{Environment.ProcessorCount} processors, {seconds} s each, 64 callers a process");
        Console.WriteLine("processes counters callers decisions/s admitted/s writes/admission "
            + "round-trips/admission p50-ms p99-ms cpu-us/decision (of the processes, without the database)");
        foreach (var (spread, callers) in ((int, int)[])[(1, 64), (10_000, 64), (10_000, 512)])
            foreach (var processes in (int[])[1, 2, 4])
                await PrintRowAsync(cluster, processes, spread, callers, seconds);
        foreach (var spread in (int[])[1, 10_000])
            await PrintWriteACallAsync(cluster, spread, seconds);
        await PrintGapAsync(cluster, "fast");
        await PrintGapAsync(cluster, "immediate");
        return 0;
    }

    private static async Task PrintRowAsync(TestCluster cluster, int processes, int spread, int callers, int seconds)
    {
        List<string> lines = [];
        var options = Options(cluster, spread, callers);
        var fleet = await Task.WhenAll(Enumerable.Range(0, processes).Select(_ =>
            FrontendProcess.StartAsync(options, line => { lock (lines) lines.Add(line); })));
        await PauseAsync(seconds);
        await Task.WhenAll(fleet.Select(frontend => frontend.StopAsync()));
        var rows = lines.Where(line => line.StartsWith("measured", StringComparison.Ordinal))
            .Select(line => line.Split(' ').Skip(1)
                .Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToArray())
            .ToArray();
        var admitted = rows.Sum(row => row[0]);
        var decided = admitted + rows.Sum(row => row[1]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{processes,9} {spread,8} {callers,7} {decided / seconds,11:F0} "
            + $"{admitted / seconds,10:F0} {rows.Sum(row => row[4]) / admitted,16:F3} "
            + $"{rows.Sum(row => row[2] + row[3]) / admitted,21:F3} {rows.Average(row => row[5]),6:F1} "
            + $"{rows.Max(row => row[6]),6:F1} {rows.Sum(row => row[7]) / decided,15:F1}"));
        foreach (var frontend in fleet) await frontend.DisposeAsync();
    }

    private static async Task PrintWriteACallAsync(TestCluster cluster, int spread, int seconds)
    {
        await using var usual = await WriteACall.StartAsync(cluster, spread);
        var rate = await usual.RateAsync(callers: 64, spread, seconds);
        Console.WriteLine($"one write a call, {spread} counters, 64 callers in one process: {rate:F0} admitted/s");
    }

    private static async Task PrintGapAsync(TestCluster cluster, string mode)
    {
        List<string> lines = [];
        await using var frontend = await FrontendProcess.StartAsync(
            Options(cluster, spread: 1, callers: 64), line => { lock (lines) lines.Add(line); });
        await PauseAsync(2);
        var time = TimeProvider.System;
        var began = time.GetTimestamp();
        await cluster.StopAsync(mode);
        await cluster.StartAsync();
        var down = time.GetElapsedTime(began);
        await PauseAsync(3);
        await frontend.StopAsync();
        var gap = lines.Single(line => line.StartsWith("measured", StringComparison.Ordinal)).Split(' ')[^1];
        Console.WriteLine($"database stopped ({mode}) and started in {down.TotalMilliseconds:F0} ms: "
            + $"longest time without an admission {gap} ms");
    }

    private static FrontendOptions Options(TestCluster cluster, int spread, int callers) => new()
    {
        Url = cluster.Url(),
        Schema = $"figures_{++_schemas}",
        Callers = callers,
        IsMeasured = true,
        Spread = spread,
        Counters = [Hot],
    };

    private static async Task PauseAsync(int seconds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(seconds));
        await timer.WaitForNextTickAsync();
    }
}
