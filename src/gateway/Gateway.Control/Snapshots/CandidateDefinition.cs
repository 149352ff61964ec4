using System.Collections.Frozen;
using Gateway.Policy;

namespace Gateway.Control.Snapshots;

/// <summary>An edit of a policy that is judged beside the one in force, and decides for some grants.</summary>
/// <param name="Name">The policy's name.</param>
/// <param name="Policy">
/// What it says; null where this release cannot read it: then it denies whatever it decides about.
/// </param>
/// <param name="At">When this text became the candidate.</param>
/// <param name="Grants">The grants for which it decides.</param>
public sealed record CandidateDefinition(
    string Name, CompiledPolicy? Policy, DateTimeOffset At, FrozenSet<string> Grants);
