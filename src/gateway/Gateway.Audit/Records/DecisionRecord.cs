using Gateway.Limits.Model;
using Gateway.Policy.Decisions;

namespace Gateway.Audit.Records;

/// <summary>The recorded details of one decision.</summary>
public readonly record struct DecisionRecord
{
    /// <summary>The rule that decided.</summary>
    public required string Rule { get; init; }

    /// <summary>Reason for a refusal; null if the call was allowed.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>Counted permit; null if the call was refused.</summary>
    public Permit? Permit { get; init; }

    /// <summary>Id of the approval that the call used up.</summary>
    public string? ApprovalId { get; init; }

    /// <summary>Id of the standing approval that covered the call.</summary>
    public string? StandingApprovalId { get; init; }

    /// <summary>Name of the person who gave the approval.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>True if the call is a retry of a call that was decided before; a retry counts nothing again.</summary>
    public bool IsRetry { get; init; }

    /// <summary>
    /// The argument values that are recorded for replay, of which the record has a hash; empty for none.
    /// </summary>
    public ReadOnlyMemory<byte> RecordedArguments { get; init; }

    /// <summary>The refusal if the rule were not in shadow mode.</summary>
    public Refusal? ShadowRefusal { get; init; }

    /// <summary>A candidate's decision; null if no candidate was evaluated.</summary>
    public CandidateDecision? Candidate { get; init; }

    /// <summary>The permit counted on the counters of limits in shadow mode.</summary>
    public Permit? ShadowPermit { get; init; }
}
