using Gateway.Policy.Rules;

namespace Gateway.Control.Snapshots;

/// <summary>A candidate that is evaluated beside a grant's policy, and decides nothing.</summary>
/// <param name="Policy">The candidate, bound to the grant and the server, with counters of its own.</param>
/// <param name="Sha256">The document's hash, for the record.</param>
public sealed record CandidateBinding(PolicyBinding Policy, string Sha256);
