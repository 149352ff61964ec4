namespace Gateway.Proxy.Approvals.Requests;

/// <summary>What a call may go ahead by: an approval of its own, or a standing one.</summary>
/// <param name="Own">
/// The request for this very call: approved, or, beside a standing approval, still open. Null where there is none.
/// </param>
/// <param name="Standing">The standing approval's id; null where the call goes by its own.</param>
public sealed record GivenApproval(ApprovalEntry? Own, string? Standing);
