using Gateway.Limits.Model;
using Gateway.Policy.Decisions;

namespace Gateway.Audit.Records;

/// <summary>What is put on record about one decision.</summary>
public readonly record struct DecisionRecord
{
    /// <summary>The rule that decided.</summary>
    public required string Rule { get; init; }

    /// <summary>Why the call was refused; null where it was let through.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>What it counted; null where it was refused.</summary>
    public Permit? Permit { get; init; }

    /// <summary>The approval that was used up for it.</summary>
    public string? ApprovalId { get; init; }

    /// <summary>The standing approval that it was one of the calls of.</summary>
    public string? StandingApprovalId { get; init; }

    /// <summary>Who gave it.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>It is the retry of a call that was decided upon before, and took nothing again.</summary>
    public bool IsRetry { get; init; }

    /// <summary>What would have happened, were the rule not in shadow mode.</summary>
    public Refusal? ShadowRefusal { get; init; }

    /// <summary>What a candidate would have done; null where none was judged beside.</summary>
    public CandidateVerdict? Candidate { get; init; }

    /// <summary>What it counted on the counters of limits in shadow mode.</summary>
    public Permit? ShadowPermit { get; init; }
}
