using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>What a counter is judged by, shared by all of an engine that are judged by the same.</summary>
/// <param name="Rules">Those of the engine.</param>
/// <param name="Max">The maximum of the last call.</param>
public sealed record SharedRules(CounterRules Rules, Amount Max);
