using System.Collections.Immutable;
using Gateway.Policy.Problems;

namespace Gateway.Policy;

/// <summary>A policy ready to decide, or why there is none.</summary>
/// <param name="Policy">Null if any problem is an error.</param>
/// <param name="Problems">All that was found, in the order of the document.</param>
public sealed record PolicyLoadResult(CompiledPolicy? Policy, ImmutableArray<PolicyProblem> Problems);
