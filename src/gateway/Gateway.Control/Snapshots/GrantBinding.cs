using Gateway.Policy.Rules;

namespace Gateway.Control.Snapshots;

/// <summary>What a grant has on one server: the policy bound to both, and which document that is.</summary>
/// <param name="Policy">Answers for every call; denies all where there is no policy.</param>
/// <param name="PolicyName">The policy's name; null where the grant has none.</param>
/// <param name="PolicySha256">The document's hash, for the record; null where the grant has none.</param>
/// <param name="Access">What is open of it.</param>
public sealed record GrantBinding(
    PolicyBinding Policy, string? PolicyName, string? PolicySha256, AccessState Access)
{
    /// <summary>What is judged beside it; null for nothing.</summary>
    public CandidateBinding? Candidate { get; init; }

    /// <summary>Set once the grant may not use the server any more.</summary>
    public CancellationToken Ended => Access.Ended;
}
