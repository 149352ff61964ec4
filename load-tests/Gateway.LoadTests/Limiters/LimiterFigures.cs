namespace Gateway.LoadTests.Limiters;

/// <summary>What one limiter showed; null where a trial is not for it. Times in milliseconds.</summary>
internal sealed record LimiterFigures(string Name)
{
    public double? CallsPerSecond { get; init; }

    /// <summary>Microseconds of all processes that decide.</summary>
    public double? CpuPerCall { get; init; }

    public double? P50 { get; init; }

    public double? P99 { get; init; }

    public LimiterTrial? Callers { get; init; }

    public LimiterTrial? Restart { get; init; }

    public LimiterTrial? Clocks { get; init; }
}
