using Gateway.Audit.Records;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>A person who answers a request for approval.</summary>
/// <param name="Actor">The identity that the record and the agent see.</param>
/// <param name="Account">Their account, which tells people apart; null for the key that belongs to nobody.</param>
public readonly record struct Approver(Actor Actor, string? Account)
{
    /// <summary>Tells the account from another one that gets its name later.</summary>
    public string? AccountId { get; init; }

    /// <summary>The same approver, with the names on one line and within a bound.</summary>
    internal Approver Plain() => this with
    {
        Actor = Actor with
        {
            Name = ApprovalService.Plain(Actor.Name, ApprovalService.NameLengthMax) is { Length: > 0 } name
                ? name
                : "An operator",
            ClaimedBy = Actor.ClaimedBy is { } claimed
                && ApprovalService.Plain(claimed, ApprovalService.NameLengthMax) is { Length: > 0 } said
                && said != Actor.Name
                    ? said
                    : null,
        },
    };
}
