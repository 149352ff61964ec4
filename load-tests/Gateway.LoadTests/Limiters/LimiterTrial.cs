namespace Gateway.LoadTests.Limiters;

/// <summary>What one limiter let through in one trial.</summary>
/// <param name="Windows">Calls that reached the server, by windows of true time.</param>
/// <param name="Over">Of these, above the limit.</param>
/// <param name="Failed">Calls that got neither an answer nor a refusal by the limit.</param>
internal sealed record LimiterTrial(IReadOnlyList<int> Windows, int Over, long Failed);
