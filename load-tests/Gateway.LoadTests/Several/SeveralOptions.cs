namespace Gateway.LoadTests.Several;

/// <summary>How large a run is.</summary>
internal sealed record SeveralOptions
{
    /// <summary>The gateway's executable; null takes the Release build of this tree.</summary>
    public string? Gateway { get; init; }

    /// <summary>Sessions of clients, each open at every server.</summary>
    public required int Sessions { get; init; }

    /// <summary>Servers of the one grant.</summary>
    public required int Servers { get; init; }

    /// <summary>How long the sessions call once all are open.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Calls at a time.</summary>
    public int AtOnce { get; init; } = 32;
}
