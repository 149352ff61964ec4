using Gateway.Limits.Model;
using Gateway.Limits.Windows;
using Gateway.LoadTests.Processes;
using Gateway.Storage.Local.Journal;

namespace Gateway.LoadTests.Comparing;

/// <summary>The decisions per second of the engine, next to Redis with the usual script.</summary>
internal static class Decisions
{
    private const string Script =
        "local n = redis.call('INCR', KEYS[1]) "
        + "if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end "
        + "if n > tonumber(ARGV[2]) then redis.call('DECR', KEYS[1]) return 0 end return 1";

    private const int Calls = 200_000;

    public static async Task<DecisionRates> MeasureAsync(int callers) =>
        new(callers, await EngineAsync(callers), await RedisAsync(callers));

    private static async Task<double> EngineAsync(int callers)
    {
        using var folder = new TestFolder("engine-");
        await using var limiter = await JournalEngine.OpenAsync(
            new JournalEngineOptions { DataDirectory = folder.Path }, TimeProvider.System);
        _ = Window.TryParse("day", out var day);
        var key = new CounterKey(LimitScope.Grant, "agent@afip", "calls", WindowKind.Fixed, day);
        var cost = new LimitCost(key, Amount.FromUnits(1_000_000_000), Amount.One);
        // Once to warm up, once to measure.
        await AskAsync(limiter, cost, callers);
        return await AskAsync(limiter, cost, callers);
    }

    private static async Task<double> AskAsync(JournalEngine limiter, LimitCost cost, int callers)
    {
        var begin = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < Calls * 5 / callers; i++)
            {
                var request = new LimitRequest(CallId.New(), limiter.Clock.NowMs(), [cost]);
                var decision = await limiter.AcquireAsync(request, CancellationToken.None);
                if (!decision.IsAdmitted)
                    throw new InvalidOperationException($"Refused: {decision.Refusal.Reason}");
                decision.Permit.TrySpend(limiter.Clock.NowMs(), out _);
            }
        })));
        return Calls * 5 / TimeProvider.System.GetElapsedTime(begin).TotalSeconds;
    }

    /// <summary>Returns the figure for Redis; null if it is not installed.</summary>
    public static async Task<double?> RedisAsync(int callers)
    {
        if (Tools.Find("redis-server") is not { } server || Tools.Find("redis-benchmark") is not { } benchmark
            || Tools.Find("redis-cli") is not { } client)
            return null;
        var port = $"{Ports.Free()}";
        using var redis = ServerProcess.Start(
            server, ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
        await redis.LineAsync("Ready to accept connections", CancellationToken.None);
        var script = (await Tools.RunAsync(client, ["-p", port, "SCRIPT", "LOAD", Script])).Trim();
        string[] ask =
        [
            "-p", port, "-c", $"{callers}", "-n", $"{Calls}", "--csv",
            "EVALSHA", script, "1", "w", "86400", "1000000000",
        ];
        await Tools.RunAsync(benchmark, ask);
        var line = (await Tools.RunAsync(benchmark, ask)).Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        return double.Parse(line.Split("\",\"")[1].Trim('"'), CultureInfo.InvariantCulture);
    }
}
