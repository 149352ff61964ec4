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

/// <summary>An approval with its location in the control store.</summary>
/// <param name="Name">The digest of its call: two requests for one call are one document.</param>
/// <param name="Version">The version that a write must expect.</param>
/// <param name="Approval">The approval.</param>
public sealed record ApprovalEntry(string Name, long Version, Approval Approval);

/// <summary>The approval under which a call may proceed: its own, or a standing one.</summary>
/// <param name="Own">
/// The request for exactly this call: approved or, beside a standing approval, still open. Null if there is none.
/// </param>
/// <param name="Standing">The id of the standing approval; null if the call proceeds under its own.</param>
public sealed record GivenApproval(ApprovalEntry? Own, string? Standing);
