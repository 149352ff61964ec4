namespace Gateway.Mcp.Tests.Fuzzing;

/// <summary>
/// How long a random test runs: a fixed number of rounds, or <c>GATEWAY_FUZZ_SECONDS</c>. <c>GATEWAY_FUZZ_SEED</c>
/// repeats a run.
/// </summary>
internal static class FuzzBudget
{
    public static int Seed { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("GATEWAY_FUZZ_SEED"), out var seed) ? seed : 20261120;

    public static IEnumerable<int> Rounds(int rounds)
    {
        _ = int.TryParse(Environment.GetEnvironmentVariable("GATEWAY_FUZZ_SECONDS"), out var seconds);
        var watch = Stopwatch.StartNew();
        for (var i = 0; seconds > 0 ? watch.Elapsed.TotalSeconds < seconds : i < rounds; i++)
            yield return i;
    }
}
