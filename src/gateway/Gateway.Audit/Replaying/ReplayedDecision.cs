namespace Gateway.Audit.Replaying;

/// <summary>An outcome and its cause.</summary>
/// <param name="Outcome">The outcome in the form that records use.</param>
/// <param name="Rule">The rule that decided.</param>
/// <param name="Reason">The reason; null if the call is allowed or the reason is not read from the record.</param>
public sealed record ReplayedDecision(string Outcome, string Rule, string? Reason);
