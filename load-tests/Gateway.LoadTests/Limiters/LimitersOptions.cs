namespace Gateway.LoadTests.Limiters;

/// <summary>How limiters are compared.</summary>
internal sealed record LimitersOptions
{
    /// <summary>The gateway's executable; null takes the Release build of this tree.</summary>
    public string? Gateway { get; init; }

    /// <summary>A database for two gateways whose clocks differ, <c>postgres://…</c>; null leaves them out.</summary>
    public string? Postgres { get; init; }

    /// <summary>Calls that a token may make in a window.</summary>
    public int Max { get; init; } = 100;

    /// <summary>The length of a window in seconds; windows begin at its multiples of UTC.</summary>
    public int WindowSeconds { get; init; } = 10;

    /// <summary>Windows of each trial.</summary>
    public int Windows { get; init; } = 3;

    /// <summary>Callers of each trial.</summary>
    public int Callers { get; init; } = 8;

    /// <summary>By how many seconds the clock of the second of two proxies is ahead.</summary>
    public double AheadSeconds { get; init; } = 2;

    /// <summary>How long the full rate is measured.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(5);
}
