using Gateway.LoadTests.Generating;

namespace Gateway.LoadTests.Scenarios;

/// <summary>
/// A replacement of gateways under load. With a store, two gateways serve and are restarted in turn, while clients
/// whose calls were not accepted use the other one. Without a store, a single gateway is restarted, and then killed,
/// over its journal.
/// </summary>
internal static class RolloutScenario
{
    private const int Max = 500;

    public static async Task<ScenarioReport> RunAsync(ScenarioOptions options)
    {
        var isFleet = options.Postgres is not null;
        await using var bench = await ScenarioBench.StartAsync(
            options, ScenarioBench.Policy(Max, "2s"), gateways: isFleet ? 2 : 1);
        var request = ScenarioBench.Request();
        var sending = LoadGenerator.RunAsync(new LoadPlan
        {
            Targets = bench.Targets,
            Request = _ => request,
            RatePerSecond = 300,
            Duration = options.Duration,
            // Enough for a restart; a call that was not accepted is not counted and may be sent again.
            RetriesMax = 500,
        });
        var third = options.Duration / 3;
        await Task.Delay(third);
        await bench.RestartAsync(0, isKilled: false);
        await Task.Delay(third / 2);
        await bench.RestartAsync(isFleet ? 1 : 0, isKilled: !isFleet);
        var load = await sending;
        var report = await bench.ReportAsync("rollout", load, cpuTime: null);
        if (isFleet)
            return report;
        // A kill breaks the calls in progress, and nothing else.
        var broken = load[CallOutcome.Broken];
        return report with
        {
            Problems = load.Errors == broken
                ? [.. report.Problems.Where(static problem => !problem.Contains("failed for no reason"))]
                : report.Problems,
        };
    }
}
