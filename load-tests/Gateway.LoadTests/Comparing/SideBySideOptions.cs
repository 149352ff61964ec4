namespace Gateway.LoadTests.Comparing;

/// <summary>How long and how often a comparison measures.</summary>
internal sealed record SideBySideOptions
{
    /// <summary>The gateway's executable; null takes the Release build of this tree.</summary>
    public string? Gateway { get; init; }

    /// <summary>The executable of another build, measured in the same turns; null for none.</summary>
    public string? Before { get; init; }

    /// <summary>Rounds; each figure is the median of them.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>One turn of one contestant; whole seconds.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Connections under load.</summary>
    public int Connections { get; init; } = 32;
}
