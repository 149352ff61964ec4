namespace Gateway.Postgres.Tests.Costs;

/// <summary>Prints what a fleet on one database does on this machine; nothing is asserted.</summary>
internal static class FleetFigures
{
    private static readonly CounterSpec Hot = new("hot", 86_400, 1_000_000_000);

    /// <summary>So small that nearly every call is refused.</summary>
    private static readonly CounterSpec Full = new("full", 86_400, 100);

    /// <summary>The runtime compiles what runs often twice, and the first call of a counter makes its record.</summary>
    private const int WarmUpSeconds = 3;
    private static int _schemas;

    /// <param name="arguments">Seconds for each figure, then which of them, all if none is named.</param>
    public static async Task<int> PrintAsync(string[] arguments)
    {
        var seconds = arguments is [var text, ..] ? int.Parse(text, CultureInfo.InvariantCulture) : 5;
        await using var cluster = await PostgresCluster.StartNewAsync();
        Console.WriteLine($"{Environment.ProcessorCount} processors, {seconds} s each after warming up");
        if (IsWanted("decisions")) await PrintDecisionsAsync(cluster, seconds);
        if (IsWanted("refusals")) await PrintRefusalsAsync(cluster, seconds);
        if (IsWanted("usual"))
            foreach (var spread in (int[])[1, 10_000]) await PrintWriteACallAsync(cluster, spread, seconds);
        if (!IsWanted("gaps")) return 0;
        await PrintGapAsync(cluster, "fast");
        await PrintGapAsync(cluster, "immediate");
        return 0;

        bool IsWanted(string figure) => arguments.Length < 2 || arguments.Contains(figure);
    }

    private static async Task PrintDecisionsAsync(PostgresCluster cluster, int seconds)
    {
        Console.WriteLine("processes counters callers decisions/s admitted/s writes/admission "
            + "round-trips/admission p50-ms p99-ms cpu-us/decision (of the processes, without the database)");
        foreach (var (spread, callers) in ((int, int)[])[(1, 64), (10_000, 64), (10_000, 512)])
            foreach (var processes in (int[])[1, 2, 4])
                await PrintRowAsync(cluster, processes, spread, callers, seconds);
    }

    private static async Task PrintRefusalsAsync(PostgresCluster cluster, int seconds)
    {
        Console.WriteLine("processes refused/s p50-ms p99-ms round-trips/refusal (64 callers each on one full window)");
        foreach (var processes in (int[])[1, 2, 4]) await PrintRefusalsRowAsync(cluster, processes, seconds);
    }

    private static async Task PrintRowAsync(
        PostgresCluster cluster, int processes, int spread, int callers, int seconds)
    {
        var rows = await MeasureAsync(Options(cluster, Hot, spread, callers), processes, seconds);
        var admitted = rows.Sum(row => row[0]);
        var decided = admitted + rows.Sum(row => row[1]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{processes,9} {spread,8} {callers,7} {decided / seconds,11:F0} "
            + $"{admitted / seconds,10:F0} {rows.Sum(row => row[4]) / admitted,16:F3} "
            + $"{rows.Sum(row => row[2] + row[3]) / admitted,21:F3} {rows.Average(row => row[5]),6:F1} "
            + $"{rows.Max(row => row[6]),6:F1} {rows.Sum(row => row[7]) / decided,15:F1}"));
    }

    private static async Task PrintRefusalsRowAsync(PostgresCluster cluster, int processes, int seconds)
    {
        var rows = await MeasureAsync(Options(cluster, Full, spread: 1, callers: 64), processes, seconds);
        var refused = rows.Sum(row => row[1]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{processes,9} {refused / seconds,9:F0} {rows.Average(row => row[8]),6:F2} "
            + $"{rows.Max(row => row[9]),6:F2} {rows.Sum(row => row[2] + row[3]) / refused,19:F3}"));
    }

    /// <summary>What each process said at its end, as numbers.</summary>
    private static async Task<double[][]> MeasureAsync(FrontendOptions options, int processes, int seconds)
    {
        List<string> lines = [];
        var fleet = await Task.WhenAll(Enumerable.Range(0, processes).Select(_ =>
            FrontendProcess.StartAsync(options, line => { lock (lines) lines.Add(line); })));
        await PauseAsync(WarmUpSeconds);
        foreach (var frontend in fleet) await frontend.BeginAsync();
        await PauseAsync(seconds);
        await Task.WhenAll(fleet.Select(frontend => frontend.StopAsync()));
        foreach (var frontend in fleet) await frontend.DisposeAsync();
        return [.. lines.Where(line => line.StartsWith("measured", StringComparison.Ordinal))
            .Select(line => line.Split(' ').Skip(1)
                .Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToArray())];
    }

    private static async Task PrintWriteACallAsync(PostgresCluster cluster, int spread, int seconds)
    {
        await using var usual = await WriteACall.StartAsync(cluster, spread);
        await usual.RateAsync(callers: 64, spread, WarmUpSeconds);
        var rate = await usual.RateAsync(callers: 64, spread, seconds);
        Console.WriteLine($"one write a call, {spread} counters, 64 callers in one process: {rate:F0} admitted/s");
    }

    private static async Task PrintGapAsync(PostgresCluster cluster, string mode)
    {
        List<string> lines = [];
        await using var frontend = await FrontendProcess.StartAsync(
            Options(cluster, Hot, spread: 1, callers: 64), line => { lock (lines) lines.Add(line); });
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

    private static FrontendOptions Options(
        PostgresCluster cluster, CounterSpec counter, int spread, int callers) => new()
        {
            Url = cluster.Url(),
            Schema = $"figures_{++_schemas}",
            Callers = callers,
            IsMeasured = true,
            Spread = spread,
            Counters = [counter],
        };

    private static async Task PauseAsync(int seconds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(seconds));
        await timer.WaitForNextTickAsync();
    }
}
