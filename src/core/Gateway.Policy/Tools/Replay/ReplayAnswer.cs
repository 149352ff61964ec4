namespace Gateway.Policy.Tools.Replay;

/// <summary>What would become of one recorded call.</summary>
/// <param name="Word">Same, changed, or not to be told.</param>
/// <param name="Outcome">The outcome as records have it; empty where it cannot be told.</param>
/// <param name="Rule">The rule that would decide; empty where it cannot be told.</param>
/// <param name="Reason">Why it would be refused, or why it cannot be told; empty where it would be allowed.</param>
public readonly record struct ReplayAnswer(ReplayWord Word, string Outcome, string Rule, string Reason)
{
    internal static ReplayAnswer Unknown(string cause) => new(ReplayWord.Unknown, "", "", cause);

    internal static ReplayAnswer Of(RecordedCall call, string outcome, string rule, string reason) =>
        new(outcome == call.Outcome ? ReplayWord.Same : ReplayWord.Changed, outcome, rule, reason);
}
