namespace Gateway.LoadTests.Several;

/// <summary>The size of a run.</summary>
internal sealed record SeveralOptions
{
    /// <summary>The gateway's executable; null for the Release build of this tree.</summary>
    public string? Gateway { get; init; }

    /// <summary>The number of client sessions, each open at every server.</summary>
    public required int Sessions { get; init; }

    /// <summary>The number of servers of the one grant.</summary>
    public required int Servers { get; init; }

    /// <summary>The time for which the sessions call after all are open.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The number of concurrent calls.</summary>
    public int AtOnce { get; init; } = 32;
}
