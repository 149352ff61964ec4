namespace Gateway.Proxy.Approvals.Standing;

/// <summary>A person who made a standing approval.</summary>
/// <param name="By">The person's name in the record.</param>
/// <param name="Account">The person's account; null for a key without an account.</param>
/// <param name="AccountId">The id that distinguishes the account from a later one of the same name.</param>
public sealed record StandingMaker(string By, string? Account, string? AccountId);
