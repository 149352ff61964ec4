namespace Gateway.LoadTests.Scenarios;

/// <summary>The results of one scenario.</summary>
internal sealed record ScenarioReport
{
    public required string Scenario { get; init; }

    public required string What { get; init; }

    public required LoadFigures Load { get; init; }

    public required ExactnessReport Exactness { get; init; }

    /// <summary>The CPU time of the gateways for each call, in microseconds; null if one was restarted.</summary>
    public double? CpuMicrosecondsPerCall { get; init; }

    /// <summary>The resident memory of the gateways at the end, in MB.</summary>
    public double MemoryMegabytes { get; init; }

    /// <summary>The requirements that were not met; empty if there are none.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
