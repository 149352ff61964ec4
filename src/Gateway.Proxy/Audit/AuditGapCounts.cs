namespace Gateway.Proxy.Audit;

/// <summary>Records that are missing, by kind.</summary>
internal readonly record struct AuditGapCounts(long Decisions, long Outcomes, long Approvals, long Changes);
