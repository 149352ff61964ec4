namespace Gateway.LoadTests.Comparing;

/// <summary>One contestant's turn, times in microseconds.</summary>
internal readonly record struct Round(double CallsPerSecond, double CpuPerCall, double P50, double P99)
{
    /// <summary>The median of each figure by itself.</summary>
    public static Round Median(IReadOnlyCollection<Round> rounds) => new(
        Middle(rounds.Select(static round => round.CallsPerSecond)),
        Middle(rounds.Select(static round => round.CpuPerCall)),
        Middle(rounds.Select(static round => round.P50)),
        Middle(rounds.Select(static round => round.P99)));

    /// <summary>The middle one, or the mean of the two.</summary>
    public static double Middle(IEnumerable<double> figures)
    {
        double[] sorted = [.. figures.Order()];
        var half = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
