using Gateway.Policy.Rules;

namespace Gateway.Control.Snapshots;

/// <summary>A grant's binding to one server: the policy bound to both, and the identity of its document.</summary>
/// <param name="Policy">The policy that decides every call; denies all if the grant has none.</param>
/// <param name="PolicyName">The policy's name; null if the grant has none.</param>
/// <param name="PolicySha256">The document's hash, for the record; null if the grant has none.</param>
/// <param name="Access">The open requests and streams of the binding.</param>
public sealed record GrantBinding(
    PolicyBinding Policy, string? PolicyName, string? PolicySha256, AccessState Access)
{
    /// <summary>The candidate that is evaluated beside the policy; null for none.</summary>
    public CandidateBinding? Candidate { get; init; }

    /// <summary>Canceled once the grant may not use the server any more.</summary>
    public CancellationToken Ended => Access.Ended;
}
