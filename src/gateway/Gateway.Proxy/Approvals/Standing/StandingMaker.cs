namespace Gateway.Proxy.Approvals.Standing;

/// <summary>A person who made a standing approval.</summary>
/// <param name="By">What the record calls them.</param>
/// <param name="Account">Their account; null for the key that is nobody's.</param>
/// <param name="AccountId">What tells the account from another one that gets its name.</param>
public sealed record StandingMaker(string By, string? Account, string? AccountId);
