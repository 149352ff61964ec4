using Gateway.LoadTests.Measuring;

namespace Gateway.LoadTests.Comparing;

/// <summary>One contestant's turn, times in microseconds.</summary>
internal readonly record struct Round(double CallsPerSecond, double CpuPerCall, double P50, double P99)
{
    /// <summary>The part of the CPU time that the kernel used; the rest is the program's own.</summary>
    public double KernelPerCall { get; init; }

    /// <summary>CPU time of the program itself and its runtime.</summary>
    public double UserPerCall => CpuPerCall - KernelPerCall;

    /// <summary>The median of each figure by itself.</summary>
    public static Round Median(IReadOnlyCollection<Round> rounds) => new(
        Middle(rounds.Select(static round => round.CallsPerSecond)),
        Middle(rounds.Select(static round => round.CpuPerCall)),
        Middle(rounds.Select(static round => round.P50)),
        Middle(rounds.Select(static round => round.P99)))
    {
        KernelPerCall = Middle(rounds.Select(static round => round.KernelPerCall)),
    };

    /// <summary>The middle one, or the mean of the two.</summary>
    public static double Middle(IEnumerable<double> figures) => Series.Middle(figures);
}
