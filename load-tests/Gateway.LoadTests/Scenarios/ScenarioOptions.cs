namespace Gateway.LoadTests.Scenarios;

/// <summary>The store and duration of scenarios.</summary>
internal sealed record ScenarioOptions
{
    /// <summary>The gateway's executable; null for the Release build of this tree.</summary>
    public string? Gateway { get; init; }

    /// <summary>The executable of an older version; null without an upgrade.</summary>
    public string? Before { get; init; }

    /// <summary>A database for fleets, <c>postgres://…</c>; null for one gateway over its journal.</summary>
    public string? Postgres { get; init; }

    /// <summary>True to run gateways with <c>--io inline</c>.</summary>
    public bool IsInline { get; init; }

    /// <summary>Further arguments of <c>gateway run</c>.</summary>
    public IReadOnlyList<string> More { get; init; } = [];

    /// <summary>The duration of the load in each scenario.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);
}
