namespace Gateway.LoadTests.Comparing;

/// <summary>Decisions a second on one counter.</summary>
/// <param name="Callers">Callers at once, each with one question under way.</param>
/// <param name="Engine">The embedded engine, called in its own process, durable over its journal.</param>
/// <param name="Redis">
/// Redis with a fixed window in Lua, over that many connections without pipelining, nothing durable; null where it is
/// not installed.
/// </param>
internal sealed record DecisionRates(int Callers, double Engine, double? Redis);
