namespace Gateway.Admin.Servers;

/// <summary>The result of a connection test before a server is registered.</summary>
/// <param name="Answers">True if it listed its tools.</param>
/// <param name="Problem">The reason for a failure, and what to check.</param>
/// <param name="Tools">The number of its tools.</param>
/// <param name="Names">The names of the first tools.</param>
/// <param name="Milliseconds">The duration of the test, in milliseconds.</param>
internal sealed record ServerTest(
    bool Answers, string? Problem, int? Tools, IReadOnlyList<string>? Names, long Milliseconds);
