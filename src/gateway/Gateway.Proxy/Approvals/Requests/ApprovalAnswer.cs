using Gateway.Audit.Records;
using Gateway.Proxy.Approvals.Standing;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>What came of asking: an approval that may be used once, or why the call does not go on now.</summary>
public readonly record struct ApprovalAnswer
{
    /// <summary>The approval that may be used; null where the call does not go on.</summary>
    public GivenApproval? Approval { get; private init; }

    /// <summary>Why it does not go on; null where it does.</summary>
    public Refusal? Refusal { get; private init; }

    /// <summary>The call may go on, once.</summary>
    public static ApprovalAnswer Yes(ApprovalEntry approval) => new() { Approval = new(approval, null) };

    /// <summary>The call may go on, as one of those of a standing approval.</summary>
    /// <param name="standing">Which.</param>
    /// <param name="asked">The call's own request that is open; null where nobody was asked.</param>
    public static ApprovalAnswer Yes(StandingApproval standing, ApprovalEntry? asked) =>
        new() { Approval = new(asked, standing.Id) };

    /// <summary>The call does not go on now.</summary>
    public static ApprovalAnswer No(Refusal refusal) => new() { Refusal = refusal };
}
