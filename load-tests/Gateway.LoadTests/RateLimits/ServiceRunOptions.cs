namespace Gateway.LoadTests.RateLimits;

/// <summary>The options of a run.</summary>
internal sealed record ServiceRunOptions
{
    /// <summary>The gateway's executable; null for the Release build of this tree.</summary>
    public string? Gateway { get; init; }

    public int Rounds { get; init; } = 5;

    /// <summary>The length of one turn.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(5);

    public int Connections { get; init; } = 4;

    /// <summary>The number of concurrent callers while processes are killed.</summary>
    public int Callers { get; init; } = 8;

    /// <summary>The number of times that the process with the counters is killed.</summary>
    public int Kills { get; init; } = 4;

    public TimeSpan KillAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The time for which calls continue after that if the limit was not reached yet.</summary>
    public TimeSpan LimitReachedWithin { get; init; } = TimeSpan.FromMinutes(1);
}
