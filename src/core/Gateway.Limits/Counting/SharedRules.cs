using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>
/// The terms by which a counter evaluates calls, shared by all counters of an engine with the same terms.
/// </summary>
/// <param name="Rules">The rules of the engine.</param>
/// <param name="Max">The maximum of the last call.</param>
public sealed record SharedRules(CounterRules Rules, Amount Max);
