namespace Gateway.Audit.Reporting;

/// <summary>How often something was called.</summary>
/// <param name="Name">What: a grant, or a tool as <c>SERVER/TOOL</c>.</param>
/// <param name="Calls">Decisions on it.</param>
/// <param name="Refused">Those that were not allowed.</param>
public sealed record ReportedCount(string Name, long Calls, long Refused);
