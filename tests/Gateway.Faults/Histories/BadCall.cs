namespace Gateway.Faults.Histories;

/// <summary>A call that no rule decided: denied as unavailable, failed, unanswered.</summary>
/// <param name="Member">Where it was made.</param>
/// <param name="FromMs">When it was made.</param>
/// <param name="ToMs">When it had ended.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Said">What it was answered with; null if nobody answered.</param>
internal readonly record struct BadCall(string Member, long FromMs, long ToMs, CallOutcome Outcome, string? Said);
