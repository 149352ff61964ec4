namespace Gateway.Proxy.Approvals.Requests;

/// <summary>The approval under which a call may proceed: its own, or a standing one.</summary>
/// <param name="Own">
/// The request for exactly this call: approved or, beside a standing approval, still open. Null if there is none.
/// </param>
/// <param name="Standing">The id of the standing approval; null if the call proceeds under its own.</param>
public sealed record GivenApproval(ApprovalEntry? Own, string? Standing);
