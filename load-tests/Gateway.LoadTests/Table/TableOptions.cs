namespace Gateway.LoadTests.Table;

/// <summary>What the table is made of and how long.</summary>
internal sealed record TableOptions
{
    /// <summary>Rounds; figures are their medians.</summary>
    public int Rounds { get; init; } = 9;

    /// <summary>The executable of another build, measured in the same turns; null for none.</summary>
    public string? Before { get; init; }

    /// <summary>
    /// The executable as users install it, for start and idle memory; null takes the build of this tree.
    /// </summary>
    public string? Published { get; init; }

    /// <summary>Length of one turn under load.</summary>
    public TimeSpan Turn { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the steady load lasts.</summary>
    public TimeSpan Steady { get; init; } = TimeSpan.FromMinutes(3);
}
