namespace Gateway.Proxy.Approvals.Standing;

/// <summary>A standing approval with its place in the control store.</summary>
/// <param name="Version">What a change has to expect.</param>
/// <param name="Standing">What it says.</param>
public sealed record StandingEntry(long Version, StandingApproval Standing);
