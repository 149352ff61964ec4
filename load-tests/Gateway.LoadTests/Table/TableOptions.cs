namespace Gateway.LoadTests.Table;

/// <summary>The scope and duration of the table's measurements.</summary>
internal sealed record TableOptions
{
    /// <summary>The number of rounds; figures are their medians.</summary>
    public int Rounds { get; init; } = 9;

    /// <summary>The gateway's executable; null for the Release build of this tree.</summary>
    public string? Gateway { get; init; }

    /// <summary>The executable of another build, measured in the same turns; null for none.</summary>
    public string? Before { get; init; }

    /// <summary>The length of one turn under load.</summary>
    public TimeSpan Turn { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The duration of the steady load.</summary>
    public TimeSpan Steady { get; init; } = TimeSpan.FromMinutes(3);
}
