namespace Gateway.LoadTests.Limiters;

/// <summary>The calls that one limiter admitted in one trial.</summary>
/// <param name="Windows">The calls that reached the server, by windows of true time.</param>
/// <param name="Over">The calls above the limit.</param>
/// <param name="Failed">The calls that got neither a response nor a refusal by the limit.</param>
internal sealed record LimiterTrial(IReadOnlyList<int> Windows, int Over, long Failed);
