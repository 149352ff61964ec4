using System.Collections.Frozen;
using Gateway.Policy;

namespace Gateway.Control.Snapshots;

/// <summary>An edit of a policy that is evaluated beside the published one, and decides for some grants.</summary>
/// <param name="Name">The policy's name.</param>
/// <param name="Policy">
/// The compiled policy; null if this release cannot read it: then it denies everything that it decides.
/// </param>
/// <param name="At">The time at which this text became the candidate.</param>
/// <param name="Grants">The grants for which it decides.</param>
public sealed record CandidateDefinition(
    string Name, CompiledPolicy? Policy, DateTimeOffset At, FrozenSet<string> Grants);
