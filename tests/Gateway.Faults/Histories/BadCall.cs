namespace Gateway.Faults.Histories;

/// <summary>A call that no rule decided: denied as unavailable, failed, or without a response.</summary>
/// <param name="Member">The gateway that was called.</param>
/// <param name="FromMs">The start of the call.</param>
/// <param name="ToMs">The end of the call.</param>
/// <param name="Outcome">The outcome.</param>
/// <param name="Said">The text of the response; null if there was none.</param>
internal readonly record struct BadCall(string Member, long FromMs, long ToMs, CallOutcome Outcome, string? Said);
