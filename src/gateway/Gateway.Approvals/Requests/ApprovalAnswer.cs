using Gateway.Audit.Records;

namespace Gateway.Approvals.Requests;

/// <summary>What came of asking: an approval that may be used once, or why the call does not go on now.</summary>
public readonly record struct ApprovalAnswer
{
    /// <summary>The approval that may be used; null where the call does not go on.</summary>
    public ApprovalEntry? Approval { get; private init; }

    /// <summary>Why it does not go on; null where it does.</summary>
    public Refusal? Refusal { get; private init; }

    /// <summary>The call may go on, once.</summary>
    public static ApprovalAnswer Yes(ApprovalEntry approval) => new() { Approval = approval };

    /// <summary>The call does not go on now.</summary>
    public static ApprovalAnswer No(Refusal refusal) => new() { Refusal = refusal };
}
