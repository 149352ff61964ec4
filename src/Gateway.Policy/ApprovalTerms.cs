namespace Gateway.Policy;

/// <summary>How long a request for a person's approval lives.</summary>
/// <param name="ExpiresAfter">How long the request stays open.</param>
/// <param name="WaitAtMost">How long the gateway holds the call for an answer; zero answers at once.</param>
public sealed record ApprovalTerms(TimeSpan ExpiresAfter, TimeSpan WaitAtMost);
