namespace Gateway.Audit.Reporting;

/// <summary>A rule of a policy.</summary>
/// <param name="Policy">The policy; empty if the record does not name it.</param>
/// <param name="Rule">The rule, in the form that records use.</param>
/// <param name="Refused">Number of calls that it refused.</param>
public sealed record ReportedRule(string Policy, string Rule, long Refused);
