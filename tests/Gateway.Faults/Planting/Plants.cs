using Gateway.Faults.Reporting;

namespace Gateway.Faults.Planting;

/// <summary>Plants faults in histories and set-ups; each must be caught by the property that it breaks.</summary>
internal sealed class Plants(RunOptions options, Workload workload, TextWriter output, Tally tally)
{
    /// <param name="sample">The verdict on a history that is right, to be corrupted.</param>
    public async Task RunAsync(Verdict sample)
    {
        output.WriteLine();
        output.WriteLine("## Planted faults");
        output.WriteLine();
        output.WriteLine("| planted | must violate | violations of it | of what was found, the first |");
        output.WriteLine("|---|---|---:|---|");
        foreach (var corruption in Corruptions.All) Corrupt(corruption, sample);
        // They wait more than they compute, so three are run at a time.
        foreach (var setUps in BrokenSetUps.All.Where(CanRun).Chunk(3))
        {
            var verdicts = await Task.WhenAll(setUps.Select(BreakAsync));
            foreach (var (setUp, verdict) in setUps.Zip(verdicts))
                Tell($"set-up: {setUp.Name}", setUp.Caught, verdict.Violations);
        }
    }

    private static bool CanRun(BrokenSetUp setUp) =>
        (setUp.Kind == FleetKind.Journal || PostgresBinaries.Folder is not null)
        && (setUp.Caught != Property.InItsWindow || FakeTime.IsThere);

    private void Corrupt(Corruption corruption, Verdict sample)
    {
        var name = $"history: {corruption.Name}";
        if (corruption.Make(sample.Judgement) is not { } history)
        {
            Tell(name, corruption.Caught, []);
            return;
        }

        var before = sample.Violations.Select(violation => violation.What).ToHashSet();
        var found = Checker.Check(history, workload, sample.Judgement.Kind).Violations;
        Tell(name, corruption.Caught, [.. found.Where(violation => !before.Contains(violation.What))]);
    }

    private async Task<Verdict> BreakAsync(BrokenSetUp setUp)
    {
        Console.WriteLine($"-- planted: {setUp.Name}");
        await using var run = await FleetRun.PrepareAsync(setUp.Kind, options, workload);
        await run.StartAsync(setUp.Serving, spare: 0, silos: 0, setUp.Order);
        run.Begin("planted");
        await setUp.RunAsync(run);
        return await run.JudgeAsync();
    }

    private void Tell(string name, Property caught, IReadOnlyList<Violation> found)
    {
        var right = found.Where(violation => violation.Property == caught).ToList();
        output.WriteLine($"| {name} | {caught} | {right.Count} | {(right.Count > 0 ? right[0].What : "")} |");
        string[] problems = right.Count > 0 ? [] : [$"{caught} should not hold, and was not found violated"];
        tally.Check($"planted, {name}", problems);
    }
}
