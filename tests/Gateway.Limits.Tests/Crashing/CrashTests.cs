namespace Gateway.Limits.Tests.Crashing;

/// <summary>
/// A real process that ends itself at a fail point, or is killed at a random moment, and is started again on the same
/// journal. Ten rounds; <c>GATEWAY_CRASH_ROUNDS</c> says how many else, <c>GATEWAY_CRASH_SEED</c> repeats a run.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int Callers = 8;
    private const int EndedBySigkill = 137;

    /// <summary>Each round's fail point, and how often it is passed at most; null for a kill from outside.</summary>
    private static readonly (string? Name, int TimesMax)[] Plan =
    [
        (null, 0),
        ("before-write", 4),
        ("within-write", 4),
        ("after-write", 4),
        ("between-reply-and-grant", 4),
        (null, 0),
        ("between-grant-and-call", 500),
        ("compaction-after-temp", 3),
        ("compaction-after-fsync", 3),
        ("compaction-after-rename", 3),
    ];

    [Fact]
    public async Task Ended_at_any_moment_it_never_admits_more_than_the_maximum()
    {
        using var folder = new TestFolder();
        var rounds = Setting("GATEWAY_CRASH_ROUNDS", 10);
        var seed = Setting("GATEWAY_CRASH_SEED", Environment.TickCount);
        var max = Math.Max(40_000, rounds * 4000);
        var random = new Random(seed);
        var child = new CrashingChild(folder.Path, max, Callers);
        var done = new List<CrashRound>();
        for (var round = 0; round < rounds; round++)
        {
            var (name, timesMax) = Plan[round % Plan.Length];
            done.Add(name is null
                ? await child.RunUntilAsync(random.Next(20, 1200))
                : await child.RunToAsync(name, random.Next(1, timesMax + 1)));
            CheckEnd(done[^1], max, $"seed {seed}, round {round} ({name ?? "killed"})");
        }

        var last = await child.RunToTheEndAsync();
        var lines = done.Append(last).SelectMany(static round => round.Lines).ToList();
        CheckNumbers(lines, max, seed);
        var admitted = lines.Count(static line => line.Counter == "daily");
        var waste = done.Sum(static round => round.Waste);
        output.WriteLine(
            $"seed {seed}: {rounds} ends ({done.Count(static round => round.FailPoint is not null)} at fail points), "
            + $"{admitted - last.Calls} calls before the last start, {admitted} of {max} admitted in all, {waste} "
            + $"wasted, {done.Max(static round => round.Waste)} at most by one");

        // Whatever was not wasted by an end is admitted by the run that none ends; but not over midnight UTC.
        if (lines.Where(static line => line.Counter == "daily").DistinctBy(static line => line.Window).Count() == 1)
            Assert.True(admitted == max - waste, $"seed {seed}: {admitted} of {max} admitted, {waste} wasted");
    }

    private static void CheckEnd(CrashRound round, int max, string which)
    {
        Assert.True(round.ExitCode == EndedBySigkill, $"{which}: ended with {round.ExitCode}");
        Assert.True(round.WasKilled == round.FailPoint is null, $"{which}: the fail point was not reached");
        if (round.ReservedAfter < round.ReservedBefore) return; // Midnight UTC.
        Assert.True(
            round.Waste >= 0 && round.Waste <= round.WasteMax(max, Callers),
            $"{which}: {round.Waste} wasted with {round.Calls} calls, at most {round.WasteMax(max, Callers)} may be");
    }

    private static void CheckNumbers(List<CrashLine> lines, int max, int seed)
    {
        foreach (var window in lines.GroupBy(static line => (line.Counter, line.Window)))
        {
            var bound = window.Key.Counter == "daily" ? max : 100L * max;
            Assert.True(window.Count() <= bound, $"seed {seed}: {window.Count()} in {window.Key}");
            var distinct = window.DistinctBy(static line => line.Low).Count();
            Assert.True(distinct == window.Count(), $"seed {seed}: a number twice in {window.Key}");
            Assert.All(window, line => Assert.True(line.High <= Amount.FromUnits(bound).Nano));
            Assert.All(window, static line => Assert.Equal(Amount.One.Nano, line.High - line.Low));
            Assert.All(window, static line => Assert.Equal(0, line.Low % Amount.One.Nano));
        }

        Assert.All(lines.GroupBy(static line => (line.Counter, line.CallId)), static call => Assert.Single(call));
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value)
            ? value
            : otherwise;
}
