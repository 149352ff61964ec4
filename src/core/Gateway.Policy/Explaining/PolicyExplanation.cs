using System.Collections.Immutable;
using Gateway.Policy.Decisions;

namespace Gateway.Policy.Explaining;

/// <summary>Why a policy decides on a call as it does.</summary>
/// <param name="Steps">What was looked at, in the order of evaluation, up to the step that decided.</param>
/// <param name="Decision">The decision itself, by the engine that judges agents' calls.</param>
public sealed record PolicyExplanation(ImmutableArray<PolicyStep> Steps, PolicyDecision Decision);
