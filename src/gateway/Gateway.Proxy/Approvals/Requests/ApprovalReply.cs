namespace Gateway.Proxy.Approvals.Requests;

/// <summary>The result of an operator's decision on a request.</summary>
/// <param name="Kind">The kind of result.</param>
/// <param name="Approval">The current approval; null if there is none.</param>
public readonly record struct ApprovalReply(ApprovalReplyKind Kind, Approval? Approval);
