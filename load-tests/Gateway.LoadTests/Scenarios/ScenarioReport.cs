namespace Gateway.LoadTests.Scenarios;

/// <summary>What one scenario found.</summary>
internal sealed record ScenarioReport
{
    public required string Scenario { get; init; }

    public required string What { get; init; }

    public required LoadFigures Load { get; init; }

    public required ExactnessReport Exactness { get; init; }

    /// <summary>CPU time of the gateways for each call, in microseconds; null where one was restarted.</summary>
    public double? CpuMicrosecondsPerCall { get; init; }

    /// <summary>Resident memory of the gateways at the end, in MB.</summary>
    public double MemoryMegabytes { get; init; }

    /// <summary>What was asked of it and does not hold; empty when all is well.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
