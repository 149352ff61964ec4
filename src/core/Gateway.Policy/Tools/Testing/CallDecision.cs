namespace Gateway.Policy.Tools.Testing;

/// <summary>The decision on a call.</summary>
/// <param name="Word"><c>allow</c>, <c>deny</c>, <c>rate_limit</c>, <c>ask</c> or <c>unavailable</c>.</param>
/// <param name="Rule">The rule that decided.</param>
/// <param name="Reason">The reason in words; empty if the call is allowed.</param>
public readonly record struct CallDecision(string Word, string Rule, string Reason);
