using System.Collections.Immutable;

namespace Gateway.Limits.Model;

/// <summary>All costs of one call: all are taken, or none.</summary>
/// <param name="CallId">The gateway's call id; a repeated request with the same id counts once.</param>
/// <param name="NowMs">The single clock reading for this decision, Unix milliseconds UTC.</param>
/// <param name="Costs">The costs. One key may occur twice: costs are summed per key before anything is taken.</param>
/// <param name="PreviousPermit">
/// An earlier permit of the same call with a part whose deadline passed. It can no longer be spent; its parts that are
/// still valid are kept, and the rest is given back. Missing for a first attempt.
/// </param>
public readonly record struct LimitRequest(
    CallId CallId, long NowMs, ImmutableArray<LimitCost> Costs, Permit PreviousPermit = default);
