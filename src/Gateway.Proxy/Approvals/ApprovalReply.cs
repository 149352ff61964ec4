namespace Gateway.Proxy.Approvals;

/// <summary>What became of an operator's answer.</summary>
/// <param name="Kind">Whether it holds.</param>
/// <param name="Approval">As it stands now; null where there is none.</param>
internal readonly record struct ApprovalReply(ApprovalReplyKind Kind, Approval? Approval);
