namespace Gateway.Audit.Writing;

/// <summary>Numbers of missing records, by kind.</summary>
internal readonly record struct AuditGapCounts(long Decisions, long Outcomes, long Approvals, long Changes);
