namespace Gateway.Policy.Decisions;

/// <summary>What a candidate, judged beside the policy in force, would have done with a call.</summary>
/// <param name="Sha256">The hash of the candidate's document.</param>
/// <param name="Outcome">The outcome as records have it.</param>
/// <param name="Rule">The candidate's rule that makes it.</param>
public sealed record CandidateVerdict(string Sha256, string Outcome, string Rule)
{
    /// <summary>The outcome of a call that it would have let through.</summary>
    public const string Allowed = "allowed";
}
