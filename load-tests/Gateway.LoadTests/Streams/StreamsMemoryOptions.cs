namespace Gateway.LoadTests.Streams;

/// <summary>The number of open streams, and the contestants.</summary>
internal sealed record StreamsMemoryOptions
{
    /// <summary>The gateway's executable; null for the Release build of this tree.</summary>
    public string? Gateway { get; init; }

    /// <summary>The executable of another build, measured in the same turns; null for none.</summary>
    public string? Before { get; init; }

    /// <summary>The number of concurrently open streams.</summary>
    public int Streams { get; init; } = 2000;

    /// <summary>The number of rounds; each starts every process again.</summary>
    public int Rounds { get; init; } = 9;
}
