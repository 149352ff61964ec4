namespace Gateway.Audit.Replaying;

/// <summary>An outcome, and what made it.</summary>
/// <param name="Outcome">The outcome as records have it.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Reason">Why; null where the call is allowed, or the record is not asked for it.</param>
public sealed record ReplayedDecision(string Outcome, string Rule, string? Reason);
