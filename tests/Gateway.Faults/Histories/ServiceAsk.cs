namespace Gateway.Faults.Histories;

/// <summary>One request to the rate limit service, of one hit on each of its descriptors.</summary>
/// <param name="Member">The gateway that was asked.</param>
/// <param name="Descriptors">What it was about, such as <c>account=7-2</c>.</param>
/// <param name="FromMs">When it was made.</param>
/// <param name="ToMs">When it had ended.</param>
/// <param name="Outcome">Admitted where it was answered OK, refused where over the limit, else it is not known.</param>
internal sealed record ServiceAsk(
    string Member, IReadOnlyList<string> Descriptors, long FromMs, long ToMs, CallOutcome Outcome);
