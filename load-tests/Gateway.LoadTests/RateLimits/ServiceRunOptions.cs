namespace Gateway.LoadTests.RateLimits;

/// <summary>What a run is told.</summary>
internal sealed record ServiceRunOptions
{
    /// <summary>The gateway's executable; null: the Release build of this tree.</summary>
    public string? Gateway { get; init; }

    public int Rounds { get; init; } = 5;

    /// <summary>Length of one turn; what holds the counters is killed for three of them.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(5);

    public int Connections { get; init; } = 4;

    /// <summary>Callers at once while processes are killed.</summary>
    public int Callers { get; init; } = 8;

    public TimeSpan KillEvery { get; init; } = TimeSpan.FromSeconds(3);
}
