namespace Gateway.Admin.Approvals;

/// <summary>One person's approval, of several that a call needs.</summary>
/// <param name="By">Who.</param>
/// <param name="At">When.</param>
internal sealed record ApprovalVoteView(string By, DateTimeOffset At);
