using Gateway.LoadTests.Generating;
using Gateway.LoadTests.Upstreams;

namespace Gateway.LoadTests.Scenarios;

/// <summary>Streams that stay open beside a load of short calls.</summary>
internal static class StreamScenario
{
    private const int Streams = 300;

    public static async Task<ScenarioReport> RunAsync(ScenarioOptions options)
    {
        var events = (int)(options.Duration.TotalMilliseconds / 500);
        await using var bench = await ScenarioBench.StartAsync(
            options, ScenarioBench.Policy(1_000_000, "day"), eventsPerStream: events);
        var stream = ScenarioBench.Request(tool: CountingServer.StreamTool);
        var brief = ScenarioBench.Request();
        var before = bench.Gateways[0].CpuTime;
        var streams = Task.WhenAll(Enumerable.Range(0, Streams).Select(async _ =>
        {
            using var connection = new LoadConnection(bench.Targets[0]);
            return await connection.CallAsync(stream, CancellationToken.None);
        }));
        var load = await LoadGenerator.RunAsync(new LoadPlan
        {
            Targets = bench.Targets,
            Request = _ => brief,
            RatePerSecond = 300,
            Duration = options.Duration,
        });
        var ends = await streams;
        var report = await bench.ReportAsync("streams", load, bench.Gateways[0].CpuTime - before);
        var lost = ends.Count(static end => end != CallOutcome.Admitted);
        return lost == 0 ? report : report with { Problems = [.. report.Problems, $"{lost} streams broke"] };
    }
}
