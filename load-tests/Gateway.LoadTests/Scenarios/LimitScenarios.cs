using Gateway.LoadTests.Generating;

namespace Gateway.LoadTests.Scenarios;

/// <summary>Load against one gateway and one limit.</summary>
internal static class LimitScenarios
{
    private const long NoLimit = 1_000_000_000;
    private const int Grants = 10_000;
    private const int EdgeMax = 200;
    private const int RunawayMax = 10;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);

    public static Task<ScenarioReport> SteadyAsync(ScenarioOptions options) => RunAsync(
        "steady", options, NoLimit, "day", 1,
        static plan => plan with { Connections = 64, RatePerSecond = 1000 },
        static (report, _) => report.Load.Refused > 0 ? ["calls were refused though there was room"] : []);

    public static Task<ScenarioReport> EdgeAsync(ScenarioOptions options) => RunAsync(
        "edge", options, EdgeMax, "2s", 1,
        static plan => plan,
        // The beginning and end of the run may cut the first and the last window short.
        static (report, _) => report.Exactness.Full < report.Exactness.Windows - 2
            ? ["windows were not used to their last unit"]
            : []);

    public static Task<ScenarioReport> RunawayAsync(ScenarioOptions options) => RunAsync(
        "runaway", options, RunawayMax, "60s", 1,
        static plan => plan with { Connections = 16 },
        static (report, _) => report.Load.Admitted > 2 * RunawayMax ? ["more than two windows' worth passed"] : []);

    public static Task<ScenarioReport> GrantsAsync(ScenarioOptions options) => RunAsync(
        "grants", options, 1, "60s", Grants,
        static plan => plan with { Connections = 64, RatePerSecond = 2000 },
        static (_, _) => []);

    private static async Task<ScenarioReport> RunAsync(
        string name, ScenarioOptions options, long max, string window, int grants,
        Func<LoadPlan, LoadPlan> shape, Func<ScenarioReport, ScenarioOptions, IReadOnlyList<string>> evaluate)
    {
        await using var bench = await ScenarioBench.StartAsync(options, ScenarioBench.Policy(max, window), grants);
        byte[][] requests = [.. Enumerable.Range(0, grants).Select(static grant => ScenarioBench.Request(grant))];
        var plan = shape(new LoadPlan
        {
            Targets = bench.Targets,
            Request = number => requests[number % grants],
            Duration = options.Duration,
        });
        // For latency measurements, warm up so that the runtime's compilation does not count. No limit's window is
        // affected.
        if (max == NoLimit)
            await LoadGenerator.RunAsync(plan with { RatePerSecond = null, Duration = WarmUp });
        var before = bench.Gateways[0].CpuTime;
        var load = await LoadGenerator.RunAsync(plan);
        var report = await bench.ReportAsync(name, load, bench.Gateways[0].CpuTime - before);
        return report with { Problems = [.. report.Problems, .. evaluate(report, options)] };
    }
}
