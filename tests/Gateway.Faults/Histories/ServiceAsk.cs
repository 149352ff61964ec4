namespace Gateway.Faults.Histories;

/// <summary>One request to the rate limit service, with one hit on each of its descriptors.</summary>
/// <param name="Member">The gateway that received it.</param>
/// <param name="Descriptors">The descriptors, such as <c>account=7-2</c>.</param>
/// <param name="FromMs">The start.</param>
/// <param name="ToMs">The end.</param>
/// <param name="Outcome">Admitted for OK, refused for over the limit; otherwise the result is unknown.</param>
internal sealed record ServiceAsk(
    string Member, IReadOnlyList<string> Descriptors, long FromMs, long ToMs, CallOutcome Outcome);
