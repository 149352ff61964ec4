namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>Every rule that is taken out must be missed, soon.</summary>
public sealed class MutantTests(ITestOutputHelper output)
{
    private const int SchedulesMax = 100_000;

    public static TheoryData<string> Faults { get; } = [.. Mutants.All.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public void Finds(string fault)
    {
        var watch = Stopwatch.StartNew();
        var violation = Simulator.FindViolation(Mutants.All[fault], 1, SchedulesMax, out var ran);
        Assert.True(violation is not null, $"{fault}: not found in {ran} schedules");
        var lines = violation.Split('\n');
        output.WriteLine(
            $"{fault,-60} found in schedule {ran + 1,6} after {watch.ElapsedMilliseconds,6} ms: {lines[0].Trim()}; "
            + $"shortest trace {lines.Length - 2} steps");
    }
}
