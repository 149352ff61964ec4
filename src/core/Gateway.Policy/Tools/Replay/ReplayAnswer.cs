namespace Gateway.Policy.Tools.Replay;

/// <summary>The result of replaying one recorded call.</summary>
/// <param name="Word">Unchanged, changed or unknown.</param>
/// <param name="Outcome">The outcome as written in records; empty if unknown.</param>
/// <param name="Rule">The rule that would decide; empty if unknown.</param>
/// <param name="Reason">
/// The reason for a refusal, or why the result is unknown; empty if the call would be allowed.
/// </param>
public readonly record struct ReplayAnswer(ReplayWord Word, string Outcome, string Rule, string Reason)
{
    /// <summary>Returns the decision that a candidate made when the call happened.</summary>
    /// <param name="call">The call, decided by the policy in effect.</param>
    /// <param name="sha256">The hash of the candidate's document.</param>
    public static ReplayAnswer Recorded(RecordedCall call, string sha256)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (ReplayWords.IsTrouble(call))
            return Unknown(ReplayWords.Trouble);
        if (ReplayWords.IsBesidePolicy(call) || call is { IsRetry: true, IsAllowed: true })
            return new ReplayAnswer(ReplayWord.Same, call.Outcome, call.Rule, "");
        return call.Candidate is { } said && said.Sha256 == sha256
            ? Of(call, said.Outcome, said.Rule, "")
            : Unknown(ReplayWords.NotBeside);
    }

    internal static ReplayAnswer Unknown(string cause) => new(ReplayWord.Unknown, "", "", cause);

    internal static ReplayAnswer Of(RecordedCall call, string outcome, string rule, string reason) =>
        new(outcome == call.Outcome ? ReplayWord.Same : ReplayWord.Changed, outcome, rule, reason);
}

/// <summary>The result of replaying one call.</summary>
public enum ReplayWord
{
    /// <summary>The decision would be the same.</summary>
    Same,

    /// <summary>The decision would be different.</summary>
    Changed,

    /// <summary>The decision cannot be determined.</summary>
    Unknown,
}
