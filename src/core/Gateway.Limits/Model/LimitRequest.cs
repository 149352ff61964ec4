using System.Collections.Immutable;

namespace Gateway.Limits.Model;

/// <summary>Everything that one call wants counted: all of it or none.</summary>
/// <param name="CallId">Ours; a repeated request with one id counts once.</param>
/// <param name="NowMs">The one reading of the clock for this decision, Unix milliseconds UTC.</param>
/// <param name="Costs">May name one key twice: costs are summed per key before anything is taken.</param>
/// <param name="PreviousPermit">
/// An earlier permit of the same call whose deadline passed for some part: it can no longer be spent, its parts that
/// are still valid are kept, and the rest is given back. Missing for a first attempt.
/// </param>
public readonly record struct LimitRequest(
    CallId CallId, long NowMs, ImmutableArray<LimitCost> Costs, Permit PreviousPermit = default);
