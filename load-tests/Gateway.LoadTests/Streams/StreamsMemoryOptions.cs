namespace Gateway.LoadTests.Streams;

/// <summary>How many streams are held open, and by whom.</summary>
internal sealed record StreamsMemoryOptions
{
    /// <summary>The gateway's executable; null takes the Release build of this tree.</summary>
    public string? Gateway { get; init; }

    /// <summary>The executable of another build, measured in the same turns; null for none.</summary>
    public string? Before { get; init; }

    /// <summary>Streams that are open at once.</summary>
    public int Streams { get; init; } = 2000;

    /// <summary>Rounds; each starts every process again.</summary>
    public int Rounds { get; init; } = 9;
}
