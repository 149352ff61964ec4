namespace Gateway.LoadTests.Limiters;

/// <summary>The figures of one limiter, null for a trial that does not apply. Times are in milliseconds.</summary>
internal sealed record LimiterFigures(string Name)
{
    public double? CallsPerSecond { get; init; }

    /// <summary>The microseconds of all processes that decide.</summary>
    public double? CpuPerCall { get; init; }

    public double? P50 { get; init; }

    public double? P99 { get; init; }

    public LimiterTrial? Callers { get; init; }

    public LimiterTrial? Restart { get; init; }

    public LimiterTrial? Clocks { get; init; }
}
