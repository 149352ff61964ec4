namespace Gateway.Audit.Reporting;

/// <summary>A frontend that did not respond, so that its records are not in the report.</summary>
/// <param name="Gateway">Its address.</param>
/// <param name="Why">The reason.</param>
public sealed record ReportedAway(string Gateway, string Why);
