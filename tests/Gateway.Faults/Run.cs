using Gateway.Faults.Nemesis;
using Gateway.Faults.Planting;
using Gateway.Faults.Reporting;

namespace Gateway.Faults;

/// <summary>
/// A run of all fleets, one after the other, and of the planted faults; it ends with "N passed, N failed".
/// </summary>
internal sealed class Run(RunOptions options)
{
    /// <summary>Runs everything and returns the exit code: 0 if every check passed, otherwise 1.</summary>
    /// <param name="stop">Ends the load early; the history so far is evaluated.</param>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        var report = new StringWriter();
        var totals = new CheckTotals(report);
        var workload = new Workload();
        Console.WriteLine($"-- {options.Command}");
        report.WriteLine($"`{options.Command}`");
        foreach (var missing in options.Missing) totals.Check(missing, [missing]);
        CheckResult? sample = null;
        foreach (var kind in options.Fleets.TakeWhile(_ => !stop.IsCancellationRequested))
        {
            Console.WriteLine($"-- {kind}");
            var result = await RunFleetAsync(kind, workload, stop);
            FleetReport.Write(report, kind, result, totals, options.ChecksTimes);
            await KeepAsync(report); // A failure of the next fleet must not lose this report.
            if (sample is null || kind == FleetKind.Postgres) sample = result;
        }

        if (options.Plants && sample is not null && !stop.IsCancellationRequested)
            await new Plants(options, workload, report, totals).RunAsync(sample);
        report.WriteLine();
        report.WriteLine($"{totals.Passed} passed, {totals.Failed} failed");
        Console.Write(report);
        await KeepAsync(report);
        return totals.Failed == 0 ? 0 : 1;
    }

    private async Task KeepAsync(StringWriter report)
    {
        if (options.ReportFile is { } file)
            await File.WriteAllTextAsync(file, report.ToString(), CancellationToken.None);
    }

    private async Task<CheckResult> RunFleetAsync(FleetKind kind, Workload workload, CancellationToken stop)
    {
        var (serving, spare, silos) = Plan.SizeOf(kind);
        await using var run = await FleetRun.PrepareAsync(kind, options, workload);
        await run.StartAsync(serving, spare, silos);
        await run.RunAsync(PlanOf(kind), ShareMs(kind), new Random(options.Seed + (int)kind), stop);
        return await run.EvaluateAsync();
    }

    /// <summary>Divides the time among the fleets by the number of their phases.</summary>
    private long ShareMs(FleetKind kind) => (long)options.Duration.TotalMilliseconds * PlanOf(kind).Count
        / options.Fleets.Sum(each => PlanOf(each).Count);

    private List<(string Name, IReadOnlyList<IFault> Faults)> PlanOf(FleetKind kind) =>
        [.. Plan.Of(kind).Where(phase => !options.Skipped.Contains(phase.Name))];
}
