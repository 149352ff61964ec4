using Gateway.Audit.Records;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>One person's approval, of several that a call needs.</summary>
/// <param name="By">Who, as the record names them.</param>
/// <param name="Account">Their account; null for the key that is nobody's, which is one person.</param>
/// <param name="AtMs">When, Unix milliseconds.</param>
public sealed record ApprovalVote(string By, string? Account, long AtMs)
{
    /// <summary>
    /// What tells the account from another one that gets its name; null for the key that is nobody's.
    /// </summary>
    public string? AccountId { get; init; }

    /// <summary>The identity in full; null where a previous release wrote the vote.</summary>
    public Actor? Actor { get; init; }
}
