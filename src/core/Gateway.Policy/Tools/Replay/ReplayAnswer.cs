namespace Gateway.Policy.Tools.Replay;

/// <summary>What would become of one recorded call.</summary>
/// <param name="Word">Same, changed, or not to be told.</param>
/// <param name="Outcome">The outcome as records have it; empty where it cannot be told.</param>
/// <param name="Rule">The rule that would decide; empty where it cannot be told.</param>
/// <param name="Reason">Why it would be refused, or why it cannot be told; empty where it would be allowed.</param>
public readonly record struct ReplayAnswer(ReplayWord Word, string Outcome, string Rule, string Reason)
{
    /// <summary>What a candidate said of the call when it was made.</summary>
    /// <param name="call">The call, decided by the policy in force.</param>
    /// <param name="sha256">The candidate, by the hash of its document.</param>
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
