using Gateway.Faults.Reporting;

namespace Gateway.Faults.Planting;

/// <summary>Planted faults in histories and set-ups; each must be caught by the property that it breaks.</summary>
internal sealed class Plants(RunOptions options, Workload workload, TextWriter output, CheckTotals totals)
{
    /// <param name="sample">The result for a correct history, which is then falsified.</param>
    public async Task RunAsync(CheckResult sample)
    {
        output.WriteLine();
        output.WriteLine("## Planted faults");
        output.WriteLine();
        output.WriteLine("| planted | must violate | violations of it | of what was found, the first |");
        output.WriteLine("|---|---|---:|---|");
        foreach (var corruption in Corruptions.All) Corrupt(corruption, sample);
        // They wait more than they compute, so three run at a time.
        foreach (var setUps in BrokenSetUps.All.Where(CanRun).Chunk(3))
        {
            var results = await Task.WhenAll(setUps.Select(BreakAsync));
            foreach (var (setUp, result) in setUps.Zip(results))
                Print($"set-up: {setUp.Name}", setUp.Caught, result.Violations);
        }
    }

    private static bool CanRun(BrokenSetUp setUp) =>
        (setUp.Kind == FleetKind.Journal || PostgresBinaries.Folder is not null)
        && (setUp.Caught != Property.InItsWindow || FakeTime.IsThere);

    private void Corrupt(Corruption corruption, CheckResult sample)
    {
        var name = $"history: {corruption.Name}";
        if (corruption.Make(sample.Analysis) is not { } history)
        {
            Print(name, corruption.Caught, []);
            return;
        }

        var before = sample.Violations.Select(violation => violation.What).ToHashSet();
        var found = Checker.Check(history, workload, sample.Analysis.Kind).Violations;
        Print(name, corruption.Caught, [.. found.Where(violation => !before.Contains(violation.What))]);
    }

    private async Task<CheckResult> BreakAsync(BrokenSetUp setUp)
    {
        Console.WriteLine($"-- planted: {setUp.Name}");
        await using var run = await FleetRun.PrepareAsync(setUp.Kind, options, workload);
        await run.StartAsync(setUp.Serving, spare: 0, silos: 0, setUp.Order);
        run.Begin("planted");
        await setUp.RunAsync(run);
        return await run.EvaluateAsync();
    }

    private void Print(string name, Property caught, IReadOnlyList<Violation> found)
    {
        var right = found.Where(violation => violation.Property == caught).ToList();
        output.WriteLine($"| {name} | {caught} | {right.Count} | {(right.Count > 0 ? right[0].What : "")} |");
        string[] problems = right.Count > 0 ? [] : [$"{caught} should not hold, and was not found violated"];
        totals.Check($"planted, {name}", problems);
    }
}
