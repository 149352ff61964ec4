using Gateway.Audit.Records;
using Gateway.Proxy.Approvals.Standing;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>A person who decides on an approval request.</summary>
/// <param name="Actor">The identity that the record and the agent see.</param>
/// <param name="Account">The person's account, which identifies people; null for a key without an account.</param>
public readonly record struct Approver(Actor Actor, string? Account)
{
    /// <summary>The id that distinguishes the account from a later one of the same name.</summary>
    public string? AccountId { get; init; }

    /// <summary>
    /// The absent people by whose right the approver may decide, any one of them; null if the approver has the right.
    /// </summary>
    public IReadOnlyList<AbsentApprover>? Absent { get; init; }

    /// <summary>The one of them by whose right the decision is made; null for an own right.</summary>
    internal AbsentApprover? For { get; init; }

    /// <summary>Returns the approver with each name on one line and within its bound.</summary>
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
