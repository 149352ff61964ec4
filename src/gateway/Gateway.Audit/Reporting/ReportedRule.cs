namespace Gateway.Audit.Reporting;

/// <summary>A rule of a policy.</summary>
/// <param name="Policy">The policy; empty where the record does not say.</param>
/// <param name="Rule">The rule, as records name it.</param>
/// <param name="Refused">Calls that it refused.</param>
public sealed record ReportedRule(string Policy, string Rule, long Refused);
