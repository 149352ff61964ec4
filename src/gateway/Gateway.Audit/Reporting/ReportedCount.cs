namespace Gateway.Audit.Reporting;

/// <summary>The number of calls of a grant, a caller, a client or a tool.</summary>
/// <param name="Name">The grant, the caller as <c>ISSUER/SUBJECT</c>, or the tool as <c>SERVER/TOOL</c>.</param>
/// <param name="Calls">Number of decisions.</param>
/// <param name="Refused">Number of calls that were not allowed.</param>
public sealed record ReportedCount(string Name, long Calls, long Refused);
