namespace Gateway.LoadTests.Consoles;

/// <summary>The size of a run.</summary>
internal sealed record ConsolesOptions
{
    /// <summary>The gateway's executable; null for the Release build of this tree.</summary>
    public string? Gateway { get; init; }

    /// <summary>The number of consoles that have the live page open, in every second turn.</summary>
    public required int Consoles { get; init; }

    /// <summary>The number of rounds, each with a turn without consoles and one with them.</summary>
    public required int Rounds { get; init; }

    /// <summary>The length of one turn.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The number of connections under full load.</summary>
    public int Connections { get; init; } = 32;

    /// <summary>The calls per second of the steady load.</summary>
    public int SteadyRate { get; init; } = 1000;
}
