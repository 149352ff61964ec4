using System.Diagnostics;
using System.Text.Json;
using Gateway.LoadTests.Generating;
using Gateway.LoadTests.Scenarios;

namespace Gateway.LoadTests.K6;

/// <summary>
/// The run of one k6 script against gateways created for it, with a comparison of the server's record with the limits.
/// </summary>
internal static class K6Run
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);

    /// <returns>The requirements that were not met; empty if there are none.</returns>
    /// <param name="script">The script.</param>
    /// <param name="k6">The path of k6.</param>
    /// <param name="scripts">The folder of the scripts.</param>
    /// <param name="options">The store of the gateways, and the duration of the script.</param>
    /// <param name="slack">The factor for the script's time thresholds.</param>
    /// <param name="cancellationToken">Ends k6.</param>
    public static async Task<IReadOnlyList<string>> RunAsync(
        K6Script script, string k6, string scripts, ScenarioOptions options, double slack,
        CancellationToken cancellationToken)
    {
        var events = (int)(options.Duration.TotalMilliseconds / 500);
        await using var bench = await ScenarioBench.StartAsync(
            options, ScenarioBench.Policy(script.Max, script.Window), script.Grants, script.IsRollout ? 2 : 1, events);
        if (script.IsTimed)
            await WarmUpAsync(bench, cancellationToken);
        var tokens = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                tokens, JsonSerializer.Serialize(ScenarioBench.Tokens(script.Grants)), cancellationToken);
            var start = new ProcessStartInfo(k6, ["run", "--quiet", Path.Combine(scripts, script.Name + ".js")])
            {
                RedirectStandardError = true,
            };
            foreach (var (name, value) in Environment(script, bench, tokens, options, slack))
                start.Environment[name] = value;
            using var process = Process.Start(start)!;
            process.ErrorDataReceived += (_, line) => Show(script, line.Data);
            process.BeginErrorReadLine();
            using var end = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
            if (script.IsRollout)
                await ReplaceAsync(bench, options.Duration, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            var exactness = await bench.CheckAsync();
            Console.WriteLine(
                $"{script.Name}: k6 ended with {process.ExitCode}; {exactness.Seen} at the server, {exactness.Windows} "
                + $"windows, {exactness.Full} full, {exactness.Over} over; {exactness.Twice} twice, "
                + $"{exactness.Unrecorded} unrecorded");
            return Problems(process.ExitCode, exactness);
        }
        finally
        {
            File.Delete(tokens);
        }
    }

    private static Dictionary<string, string> Environment(
        K6Script script, ScenarioBench bench, string tokens, ScenarioOptions options, double slack) => new()
        {
            ["GATEWAY"] = string.Join(',', bench.Targets.Select(static target => $"http://{target}")),
            ["SERVER"] = ScenarioBench.Server,
            ["TOOL"] = ScenarioBench.Tool,
            ["TOKEN"] = ScenarioBench.Tokens(1)[0],
            ["TOKENS"] = tokens,
            ["MAX"] = script.Max.ToString(CultureInfo.InvariantCulture),
            ["WINDOW"] = script.WindowSeconds.ToString(CultureInfo.InvariantCulture),
            ["SECONDS"] = options.Duration.TotalSeconds.ToString(CultureInfo.InvariantCulture),
            ["SLACK"] = slack.ToString(CultureInfo.InvariantCulture),
            ["K6_NO_USAGE_REPORT"] = "true",
        };

    // The scripts measure latency, so the time in which the runtime compiles new code must not count.
    private static Task<LoadResult> WarmUpAsync(ScenarioBench bench, CancellationToken cancellationToken)
    {
        var request = ScenarioBench.Request();
        return LoadGenerator.RunAsync(
            new LoadPlan { Targets = bench.Targets, Request = _ => request, Duration = WarmUp }, cancellationToken);
    }

    private static async Task ReplaceAsync(ScenarioBench bench, TimeSpan duration, CancellationToken cancellationToken)
    {
        await Task.Delay(duration / 3, cancellationToken);
        await bench.RestartAsync(0, isKilled: false);
        await Task.Delay(duration / 6, cancellationToken);
        await bench.RestartAsync(1, isKilled: false);
    }

    // In a rollout, gateways refuse connections by design, and k6 reports each refusal.
    private static void Show(K6Script script, string? line)
    {
        if (line is not null && !(script.IsRollout && line.Contains("connection refused", StringComparison.Ordinal)))
            Console.Error.WriteLine(line);
    }

    private static List<string> Problems(int exitCode, ExactnessReport exactness)
    {
        var problems = new List<string>();
        if (exitCode != 0)
            problems.Add($"k6 ended with {exitCode}: 99 is a threshold that was crossed, marked above");
        if (!exactness.IsExact)
            problems.Add("a limit was exceeded, or a call reached the server twice or without a record");
        return problems;
    }
}
