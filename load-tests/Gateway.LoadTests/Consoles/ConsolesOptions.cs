namespace Gateway.LoadTests.Consoles;

/// <summary>How large a run is.</summary>
internal sealed record ConsolesOptions
{
    /// <summary>The gateway's executable; null takes the Release build of this tree.</summary>
    public string? Gateway { get; init; }

    /// <summary>Consoles that are open on the live page, in every other turn.</summary>
    public required int Consoles { get; init; }

    /// <summary>Rounds, each of a turn without consoles and one with them.</summary>
    public required int Rounds { get; init; }

    /// <summary>Length of one turn.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Connections under full load.</summary>
    public int Connections { get; init; } = 32;

    /// <summary>Calls a second of the steady load.</summary>
    public int SteadyRate { get; init; } = 1000;
}
