namespace Gateway.LoadTests.RateLimits;

/// <summary>What a run is told.</summary>
internal sealed record ServiceRunOptions
{
    /// <summary>The gateway's executable; null: the Release build of this tree.</summary>
    public string? Gateway { get; init; }

    public int Rounds { get; init; } = 5;

    /// <summary>Length of one turn.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(5);

    public int Connections { get; init; } = 4;

    /// <summary>Callers at once while processes are killed.</summary>
    public int Callers { get; init; } = 8;

    /// <summary>How often what holds the counters is killed.</summary>
    public int Kills { get; init; } = 4;

    public TimeSpan KillAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long calls go on after that where the limit was not reached yet.</summary>
    public TimeSpan LimitReachedWithin { get; init; } = TimeSpan.FromMinutes(1);
}
