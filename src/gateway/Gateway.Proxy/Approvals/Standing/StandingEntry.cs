namespace Gateway.Proxy.Approvals.Standing;

/// <summary>A standing approval with its location in the control store.</summary>
/// <param name="Version">The version that a write must expect.</param>
/// <param name="Standing">The standing approval.</param>
public sealed record StandingEntry(long Version, StandingApproval Standing);
