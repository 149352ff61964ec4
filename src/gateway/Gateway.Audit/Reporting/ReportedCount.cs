namespace Gateway.Audit.Reporting;

/// <summary>The number of calls of a grant or a tool.</summary>
/// <param name="Name">The grant, or the tool as <c>SERVER/TOOL</c>.</param>
/// <param name="Calls">Number of decisions.</param>
/// <param name="Refused">Number of calls that were not allowed.</param>
public sealed record ReportedCount(string Name, long Calls, long Refused);
