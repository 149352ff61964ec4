using System.Collections.Immutable;
using Gateway.Policy.Problems;

namespace Gateway.Policy;

/// <summary>A compiled policy, or the problems that prevent it.</summary>
/// <param name="Policy">Null if any problem is an error.</param>
/// <param name="Problems">All problems, in the order of the document.</param>
public sealed record PolicyLoadResult(CompiledPolicy? Policy, ImmutableArray<PolicyProblem> Problems);
