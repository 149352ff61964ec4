using Gateway.LoadTests.Measuring;

namespace Gateway.LoadTests.Comparing;

/// <summary>One contestant's turn, with times in microseconds.</summary>
internal readonly record struct Round(double CallsPerSecond, double CpuPerCall, double P50, double P99)
{
    /// <summary>The part of the CPU time that the kernel used; the rest is the program's own.</summary>
    public double KernelPerCall { get; init; }

    /// <summary>The CPU time of the program itself and its runtime.</summary>
    public double UserPerCall => CpuPerCall - KernelPerCall;

    /// <summary>Returns the median of each figure separately.</summary>
    public static Round Median(IReadOnlyCollection<Round> rounds) => new(
        Middle(rounds.Select(static round => round.CallsPerSecond)),
        Middle(rounds.Select(static round => round.CpuPerCall)),
        Middle(rounds.Select(static round => round.P50)),
        Middle(rounds.Select(static round => round.P99)))
    {
        KernelPerCall = Middle(rounds.Select(static round => round.KernelPerCall)),
    };

    /// <summary>Returns the middle figure, or the mean of the middle two.</summary>
    public static double Middle(IEnumerable<double> figures) => Series.Middle(figures);
}
