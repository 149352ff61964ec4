using System.Collections.Immutable;
using Gateway.Policy.Decisions;

namespace Gateway.Policy.Explaining;

/// <summary>The explanation of a policy's decision on a call.</summary>
/// <param name="Steps">The steps in the order of evaluation, up to the one that decided.</param>
/// <param name="Decision">The decision, made by the engine that evaluates agents' calls.</param>
public sealed record PolicyExplanation(ImmutableArray<PolicyStep> Steps, PolicyDecision Decision);
