using Gateway.Audit.Records;

namespace Gateway.Approvals.Requests;

/// <summary>What came of asking: an approval that may be used once, or why the call does not go on now.</summary>
public readonly record struct ApprovalAnswer
{
    public ApprovalEntry? Approval { get; private init; }

    public Refusal? Refusal { get; private init; }

    public static ApprovalAnswer Yes(ApprovalEntry approval) => new() { Approval = approval };

    public static ApprovalAnswer No(Refusal refusal) => new() { Refusal = refusal };
}
