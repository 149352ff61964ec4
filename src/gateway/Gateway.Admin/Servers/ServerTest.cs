namespace Gateway.Admin.Servers;

/// <summary>What a server said when it was tried, before it is registered.</summary>
/// <param name="Answers">Whether it listed its tools.</param>
/// <param name="Problem">Why not, and what to look at.</param>
/// <param name="Tools">How many tools it has.</param>
/// <param name="Names">The first of them.</param>
/// <param name="Milliseconds">How long it took.</param>
internal sealed record ServerTest(
    bool Answers, string? Problem, int? Tools, IReadOnlyList<string>? Names, long Milliseconds);
