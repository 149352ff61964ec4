namespace Gateway.LoadTests.Scenarios;

/// <summary>What scenarios run on and for how long.</summary>
internal sealed record ScenarioOptions
{
    /// <summary>The gateway's executable; null takes the Release build of this tree.</summary>
    public string? Gateway { get; init; }

    /// <summary>The executable of an older version; null where nothing is upgraded.</summary>
    public string? Before { get; init; }

    /// <summary>A database for fleets, <c>postgres://…</c>; null runs one gateway over its journal.</summary>
    public string? Postgres { get; init; }

    /// <summary>Run gateways with <c>--io inline</c>.</summary>
    public bool IsInline { get; init; }

    /// <summary>Further arguments of <c>gateway run</c>.</summary>
    public IReadOnlyList<string> More { get; init; } = [];

    /// <summary>How long each scenario sends.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);
}
