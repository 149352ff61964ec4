using Gateway.Audit.Records;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>One person's approval of a call that needs several.</summary>
/// <param name="By">The person's name in the record.</param>
/// <param name="Account">The person's account; null for a key without an account, which counts as one person.</param>
/// <param name="AtMs">The time of the approval, in Unix milliseconds.</param>
public sealed record ApprovalVote(string By, string? Account, long AtMs)
{
    /// <summary>
    /// The id that distinguishes the account from a later one of the same name; null for a key without an account.
    /// </summary>
    public string? AccountId { get; init; }

    /// <summary>The full identity; null in a vote that an earlier release stored.</summary>
    public Actor? Actor { get; init; }
}
