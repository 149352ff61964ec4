namespace Gateway.Policy.Tools.Testing;

/// <summary>What happened to a call.</summary>
/// <param name="Word"><c>allow</c>, <c>deny</c>, <c>rate_limit</c>, <c>ask</c> or <c>unavailable</c>.</param>
/// <param name="Rule">The rule that decided.</param>
/// <param name="Reason">Why, in words; empty where it is allowed.</param>
public readonly record struct CallDecision(string Word, string Rule, string Reason);
