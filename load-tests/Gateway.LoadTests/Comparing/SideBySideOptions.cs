namespace Gateway.LoadTests.Comparing;

/// <summary>The duration and number of a comparison's measurements.</summary>
internal sealed record SideBySideOptions
{
    /// <summary>The gateway's executable; null for the Release build of this tree.</summary>
    public string? Gateway { get; init; }

    /// <summary>The executable of another build, measured in the same turns; null for none.</summary>
    public string? Before { get; init; }

    /// <summary>The number of rounds; each figure is their median.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>The duration of one contestant's turn, in whole seconds.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The number of connections under load.</summary>
    public int Connections { get; init; } = 32;
}
