using Gateway.Audit.Replaying;

namespace Gateway.Admin.Backtesting;

/// <summary>A replay of this gateway's record, or of a fleet's.</summary>
/// <param name="Id">The id of the replay.</param>
/// <param name="State"><c>running</c>, <c>done</c>, <c>cancelled</c> or <c>failed</c>.</param>
/// <param name="Started">The time at which it started.</param>
/// <param name="Since">The start of the evaluated calls.</param>
/// <param name="Progress">The progress from 0 to 1.</param>
/// <param name="Records">The number of records read.</param>
internal sealed record BacktestView(
    string Id, string State, DateTimeOffset Started, DateTimeOffset Since, double Progress, long Records)
{
    /// <summary>The policy that the edit replaces; absent if none was specified.</summary>
    public string? Name { get; init; }

    /// <summary>The operator who started it.</summary>
    public string? By { get; init; }

    /// <summary>The result; absent until the replay is done.</summary>
    public ReplayReport? Result { get; init; }

    /// <summary>The reason for a failure.</summary>
    public string? Problem { get; init; }

    /// <summary>The frontend that runs it.</summary>
    public string Frontend { get; init; } = "";

    /// <summary>The other frontends whose records are included, by the requested addresses.</summary>
    public IReadOnlyList<string> Frontends { get; init; } = [];

    /// <summary>The requested frontends that sent no record, with the reasons.</summary>
    public IReadOnlyList<BacktestAway> Away { get; init; } = [];

    /// <summary>True if other frontends have records that are not included.</summary>
    public bool Others { get; init; }
}

/// <summary>A requested frontend that sent no record.</summary>
/// <param name="Frontend">Its address.</param>
/// <param name="Why">The reason.</param>
internal sealed record BacktestAway(string Frontend, string Why);
