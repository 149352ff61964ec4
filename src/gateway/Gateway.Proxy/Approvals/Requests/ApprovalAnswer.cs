using Gateway.Audit.Records;
using Gateway.Proxy.Approvals.Standing;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>The result of requesting approval: an approval that may be used once, or the refusal of the call.</summary>
public readonly record struct ApprovalAnswer
{
    /// <summary>The approval that may be used; null if the call is refused.</summary>
    public GivenApproval? Approval { get; private init; }

    /// <summary>The refusal; null if the call may proceed.</summary>
    public Refusal? Refusal { get; private init; }

    /// <summary>Allows the call to proceed once.</summary>
    public static ApprovalAnswer Yes(ApprovalEntry approval) => new() { Approval = new(approval, null) };

    /// <summary>Allows the call to proceed under a standing approval.</summary>
    /// <param name="standing">The standing approval.</param>
    /// <param name="asked">The call's own open request; null if there is none.</param>
    public static ApprovalAnswer Yes(StandingApproval standing, ApprovalEntry? asked) =>
        new() { Approval = new(asked, standing.Id) };

    /// <summary>Refuses the call for now.</summary>
    public static ApprovalAnswer No(Refusal refusal) => new() { Refusal = refusal };
}
