namespace Gateway.Proxy.Approvals.Requests;

/// <summary>What became of an operator's answer.</summary>
/// <param name="Kind">Whether it holds.</param>
/// <param name="Approval">As it stands now; null where there is none.</param>
public readonly record struct ApprovalReply(ApprovalReplyKind Kind, Approval? Approval);
