using Gateway.Audit.Records;

namespace Gateway.Admin.Approvals;

/// <summary>One person's approval, of several that a call needs.</summary>
/// <param name="By">Who.</param>
/// <param name="At">When.</param>
/// <param name="Actor">The identity in full; null where a previous release wrote the vote.</param>
internal sealed record ApprovalVoteView(string By, DateTimeOffset At, Actor? Actor);
