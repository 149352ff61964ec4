namespace Gateway.Audit.Reporting;

/// <summary>A frontend that was asked and gave no answer: its records are not in the report.</summary>
/// <param name="Gateway">Its address.</param>
/// <param name="Why">Why not.</param>
public sealed record ReportedAway(string Gateway, string Why);
