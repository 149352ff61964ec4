using Gateway.Audit.Replaying;

namespace Gateway.Admin.Backtesting;

/// <summary>A replay of this gateway's record, or of a fleet's.</summary>
/// <param name="Id">Names it.</param>
/// <param name="State"><c>running</c>, <c>done</c>, <c>cancelled</c> or <c>failed</c>.</param>
/// <param name="Started">When it began.</param>
/// <param name="Since">Calls from then on are judged.</param>
/// <param name="Progress">How far it is, from 0 to 1.</param>
/// <param name="Records">Records that were read.</param>
internal sealed record BacktestView(
    string Id, string State, DateTimeOffset Started, DateTimeOffset Since, double Progress, long Records)
{
    /// <summary>The policy in whose place it stands, where one was named.</summary>
    public string? Name { get; init; }

    /// <summary>Who asked for it.</summary>
    public string? By { get; init; }

    /// <summary>What it came to; absent until it is done.</summary>
    public ReplayReport? Result { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Problem { get; init; }

    /// <summary>Which frontend does it.</summary>
    public string Frontend { get; init; } = "";

    /// <summary>The others whose records are in it, by the addresses that were named.</summary>
    public IReadOnlyList<string> Frontends { get; init; } = [];

    /// <summary>Those that were named and sent none, and why.</summary>
    public IReadOnlyList<BacktestAway> Away { get; init; } = [];

    /// <summary>Whether other frontends have records of their own, which are not in it.</summary>
    public bool Others { get; init; }
}
