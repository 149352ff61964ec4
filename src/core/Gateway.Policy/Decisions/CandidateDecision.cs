namespace Gateway.Policy.Decisions;

/// <summary>The decision that a candidate, evaluated beside the policy in effect, would have made on a call.</summary>
/// <param name="Sha256">The hash of the candidate's document.</param>
/// <param name="Outcome">The outcome as written in records.</param>
/// <param name="Rule">The candidate's rule that decides.</param>
public sealed record CandidateDecision(string Sha256, string Outcome, string Rule)
{
    /// <summary>The outcome of a call that the candidate would have allowed.</summary>
    public const string Allowed = "allowed";
}
