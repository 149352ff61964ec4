using System.Collections.Immutable;

namespace Gateway.Policy;

/// <summary>Why a policy decides on a call as it does.</summary>
/// <param name="Steps">What was looked at, in the order of evaluation, up to the step that decided.</param>
/// <param name="Decision">The decision itself, by the engine that judges agents' calls.</param>
public sealed record PolicyExplanation(ImmutableArray<PolicyStep> Steps, Decision Decision);
