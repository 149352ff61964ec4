using Gateway.LoadTests.Generating;
using Gateway.LoadTests.Measuring;
using Gateway.LoadTests.Scenarios;

namespace Gateway.LoadTests.Soak;

/// <summary>One gateway over its journal under steady load, sampled continuously.</summary>
internal static class SoakRun
{
    private const long NoLimit = 1_000_000_000_000;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Full = TimeSpan.FromSeconds(10);

    public static async Task<SoakReport> RunAsync(
        SoakOptions options, Action<string> say, CancellationToken cancellationToken)
    {
        await using var bench = await ScenarioBench.StartAsync(
            new ScenarioOptions
            {
                Gateway = options.Gateway,
                IsInline = options.IsInline,
                More = ["--audit-bytes", options.AuditBytes],
            },
            ScenarioBench.Policy(NoLimit, "day"));
        bench.Counting.RemembersIds = false;
        var request = ScenarioBench.Request();
        var plan = new LoadPlan { Targets = bench.Targets, Request = _ => request, Connections = 64 };

        var flood = await LoadGenerator.RunAsync(plan with { Duration = WarmUp }, cancellationToken);
        double? full = null;
        if (options.RatePerSecond is null)
        {
            flood = await LoadGenerator.RunAsync(plan with { Duration = Full }, cancellationToken);
            full = flood.Calls / flood.Elapsed.TotalSeconds;
        }

        var rate = options.RatePerSecond ?? full!.Value * options.Share;
        say(FormattableString.Invariant($"{rate:0} calls/s for {options.Duration.TotalMinutes:0.#} minutes"));
        return await SendAsync(bench, options, plan with { RatePerSecond = rate }, full, cancellationToken);
    }

    private static async Task<SoakReport> SendAsync(
        ScenarioBench bench, SoakOptions options, LoadPlan plan, double? full, CancellationToken cancellationToken)
    {
        var slices = new SliceRecorder();
        var before = bench.Counting.Calls;
        var begin = TimeProvider.System.GetTimestamp();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var looking = LookAsync(bench, options.Every, begin, end.Token);
        var load = await LoadGenerator.RunAsync(
            plan with { Duration = options.Duration, Slices = slices }, cancellationToken);
        await end.CancelAsync();
        return new SoakReport
        {
            RatePerSecond = plan.RatePerSecond!.Value,
            FullRate = full,
            Load = load,
            Samples = await looking,
            Slices = slices.Finish(),
            Seen = bench.Counting.Calls - before,
        };
    }

    private static async Task<IReadOnlyList<SoakSample>> LookAsync(
        ScenarioBench bench, TimeSpan every, long begin, CancellationToken until)
    {
        using var sampler = new SoakSampler(bench.Gateways[0], bench.DataDirectories[0]);
        using var timer = new PeriodicTimer(every);
        var samples = new List<SoakSample>();
        try
        {
            do
            {
                samples.Add(await sampler.LookAsync(TimeProvider.System.GetElapsedTime(begin), until));
            }
            while (await timer.WaitForNextTickAsync(until));
        }
        catch (OperationCanceledException)
        {
            // The load has ended.
        }

        return samples;
    }
}
