namespace Gateway.LoadTests.Comparing;

/// <summary>Decisions per second on one counter.</summary>
/// <param name="Callers">The number of concurrent callers, each with one request in progress.</param>
/// <param name="Engine">The embedded engine, called in its own process, durable over its journal.</param>
/// <param name="Redis">
/// Redis with a fixed window in Lua, over that many connections without pipelining and without durability; null if it
/// is not installed.
/// </param>
internal sealed record DecisionRates(int Callers, double Engine, double? Redis);
