namespace Gateway.Approvals.Requests;

/// <summary>A person who answers a request for approval.</summary>
/// <param name="Name">What the record and the agent call them.</param>
/// <param name="Account">Their account, which tells people apart; null for the key that is nobody's.</param>
public readonly record struct Approver(string Name, string? Account)
{
    /// <summary>What tells the account from another one that gets its name.</summary>
    public string? AccountId { get; init; }
}
