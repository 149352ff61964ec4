using System.Text.Json.Nodes;
using Gateway.LoadTests.Generating;
using Gateway.LoadTests.Processes;

namespace Gateway.LoadTests.Scenarios;

/// <summary>
/// An upgrade and a downgrade under load. The older version serves first. Each gateway is replaced in turn by this
/// version, and then in turn by the older one again, over the same data. No call fails, and each version continues the
/// counts of the other.
/// </summary>
internal static class UpgradeScenario
{
    private const int Rate = 300;
    private const int Max = 500;
    private const int WindowSeconds = 2;
    private const double DayShare = 0.85;

    public static async Task<ScenarioReport> RunAsync(ScenarioOptions options)
    {
        var older = options.Before ?? throw new InvalidOperationException(
            "upgrade begins with an older version: name its executable with --before.");
        var gateways = options.Postgres is null ? 1 : 2;
        await using var bench = await ScenarioBench.StartAsync(options, Policy(options), gateways: gateways);
        var request = ScenarioBench.Request();
        var sending = LoadGenerator.RunAsync(new LoadPlan
        {
            Targets = bench.Targets,
            Request = _ => request,
            RatePerSecond = Rate,
            Duration = options.Duration,
            // A single gateway is unavailable while the next one starts, and a call that was not accepted is not
            // counted.
            RetriesMax = 3000,
        });
        // The next one begins at its scheduled time, however long the last one took, so that the load outlasts all of
        // them.
        var begin = TimeProvider.System.GetTimestamp();
        var programs = new[] { Tools.Gateway(options.Gateway), older };
        var replacements = programs.Length * gateways;
        for (var i = 0; i < replacements; i++)
        {
            var due = options.Duration * (i + 1) / (replacements + 1);
            await Task.Delay(TimeSpan.FromTicks(
                Math.Max(0, (due - TimeProvider.System.GetElapsedTime(begin)).Ticks)));
            await bench.ReplaceAsync(i % gateways, programs[i / gateways]);
        }

        var isInTime = !sending.IsCompleted;
        var load = await sending;
        var report = await bench.ReportAsync("upgrade", load, cpuTime: null);
        return isInTime ? report : report with
        {
            Problems =
            [
                .. report.Problems, "the load had ended before the last gateway was replaced: give it more time",
            ],
        };
    }

    // The second limit has one window for the whole run and is used up at its end. A version that did not know the
    // counts of the other would admit more.
    private static JsonObject Policy(ScenarioOptions options) => ScenarioBench.Policy(
        ScenarioBench.Limit("calls", Max, $"{WindowSeconds}s"),
        ScenarioBench.Limit(
            "all", (long)(options.Duration.TotalSeconds * Max / WindowSeconds * DayShare), "day"));
}
