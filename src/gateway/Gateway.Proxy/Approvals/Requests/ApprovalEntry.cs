namespace Gateway.Proxy.Approvals.Requests;

/// <summary>An approval with its place in the control store.</summary>
/// <param name="Name">The digest of the call that it is for: two requests for one call are one document.</param>
/// <param name="Version">What a change has to expect.</param>
/// <param name="Approval">What it says.</param>
public sealed record ApprovalEntry(string Name, long Version, Approval Approval);
