namespace Gateway.Proxy.Approvals.Requests;

/// <summary>An approval with its location in the control store.</summary>
/// <param name="Name">The digest of its call: two requests for one call are one document.</param>
/// <param name="Version">The version that a write must expect.</param>
/// <param name="Approval">The approval.</param>
public sealed record ApprovalEntry(string Name, long Version, Approval Approval);
