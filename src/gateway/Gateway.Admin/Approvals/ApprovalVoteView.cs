using Gateway.Audit.Records;

namespace Gateway.Admin.Approvals;

/// <summary>One person's approval of a call that needs several.</summary>
/// <param name="By">The approver.</param>
/// <param name="At">The time of the approval.</param>
/// <param name="Actor">The full identity; null if a previous release wrote the approval.</param>
internal sealed record ApprovalVoteView(string By, DateTimeOffset At, Actor? Actor);
