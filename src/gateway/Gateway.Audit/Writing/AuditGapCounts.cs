namespace Gateway.Audit.Writing;

/// <summary>Records that are missing, by kind.</summary>
internal readonly record struct AuditGapCounts(long Decisions, long Outcomes, long Approvals, long Changes);
