namespace Gateway.LoadTests.Limiters;

/// <summary>The options of a comparison of limiters.</summary>
internal sealed record LimitersOptions
{
    /// <summary>The gateway's executable; null for the Release build of this tree.</summary>
    public string? Gateway { get; init; }

    /// <summary>A database for two gateways whose clocks differ, <c>postgres://…</c>; null omits them.</summary>
    public string? Postgres { get; init; }

    /// <summary>The calls that a token may make in a window.</summary>
    public int Max { get; init; } = 100;

    /// <summary>The length of a window in seconds; windows begin at its multiples of UTC.</summary>
    public int WindowSeconds { get; init; } = 10;

    /// <summary>The number of windows of each trial.</summary>
    public int Windows { get; init; } = 3;

    /// <summary>The number of callers of each trial.</summary>
    public int Callers { get; init; } = 8;

    /// <summary>The number of seconds by which the clock of the second of two proxies is ahead.</summary>
    public double AheadSeconds { get; init; } = 2;

    /// <summary>The duration of the measurement at full rate.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(5);
}
