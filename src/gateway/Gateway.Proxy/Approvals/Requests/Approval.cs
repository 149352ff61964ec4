using Gateway.Audit.Records;
using Gateway.Limits.Model;
using Gateway.Proxy.Approvals.Digests;
using Gateway.Proxy.Approvals.Standing;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>One request for a person's approval of one call, as the control store keeps it.</summary>
public sealed record Approval
{
    /// <summary>128 random bits, 32 hexadecimal digits: what the agent and the operator call it.</summary>
    public required string Id { get; init; }

    /// <summary>As it was last written; <see cref="StateAt"/> knows of its end too.</summary>
    public required ApprovalState State { get; init; }

    /// <summary>The grant whose agent made the call.</summary>
    public required string Grant { get; init; }

    /// <summary>The server that the call is for.</summary>
    public required string Server { get; init; }

    /// <summary>The method of the call; null where a release before asked.</summary>
    public string? Method { get; init; }

    /// <summary>The tool that the call is for.</summary>
    public required string Tool { get; init; }

    /// <summary>JSON Pointer to the rule that asks.</summary>
    public required string Rule { get; init; }

    /// <summary>Why a person is asked, as the policy says it.</summary>
    public required string Reason { get; init; }

    /// <summary>
    /// The arguments as the agent sent them; null where it sent none, once nobody has to see them any more, and as read
    /// from the store, which has them sealed. Only a release before that wrote them as they are.
    /// </summary>
    public string? Arguments { get; init; }

    /// <summary>The same, encrypted.</summary>
    public string? SealedArguments { get; init; }

    /// <summary>Of the canonical form of the arguments, by a release before; null of this one.</summary>
    public string? ArgumentsSha256 { get; init; }

    /// <summary>The same under the gateway's key (<see cref="ArgumentsDigest"/>); null where there are none.</summary>
    public string? ArgumentsHmac { get; init; }

    /// <summary>Unix milliseconds, as every instant here.</summary>
    public required long AskedMs { get; init; }

    /// <summary>How long it stays open, and how long an answer then holds.</summary>
    public required long HoldsForMs { get; init; }

    /// <summary>When it, or its answer, is over.</summary>
    public required long ExpiresMs { get; init; }

    /// <summary>When a person answered; null before.</summary>
    public long? AnsweredMs { get; init; }

    /// <summary>Who answered; null before.</summary>
    public string? AnsweredBy { get; init; }

    /// <summary>The identity of the last person who answered; null before, and where a previous release wrote it.
    /// </summary>
    public Actor? AnsweredAs { get; init; }

    /// <summary>What that person wrote to it; null where nothing.</summary>
    public string? Comment { get; init; }

    /// <summary>How many different people must approve; null for one.</summary>
    public int? ApprovalsNeeded { get; init; }

    /// <summary>Whether who let the agent's client in may not approve; null for no.</summary>
    public bool? IsBarredToGrantor { get; init; }

    /// <summary>When a further channel is told of it, if nobody has answered by then; null for never.</summary>
    public long? EscalatesMs { get; init; }

    /// <summary>That channel.</summary>
    public string? EscalatesTo { get; init; }

    /// <summary>Who has approved so far, the first one first; null where nobody has, or one is enough.</summary>
    public IReadOnlyList<ApprovalVote>? Votes { get; init; }

    /// <summary>The hash of the grant's token; null where a release before asked.</summary>
    public string? GrantToken { get; init; }

    /// <summary>What the rule says that asks, as a hash; null where a release before asked.</summary>
    public string? RuleSha256 { get; init; }

    /// <summary>What the tool promised when it was asked, as a hash; null where that was not known.</summary>
    public string? ToolContract { get; init; }

    /// <summary>What the first approver wants to allow beside this call; null for nothing.</summary>
    public StandingTerms? Proposed { get; init; }

    /// <summary>The standing approval that was made with it; null for none.</summary>
    public string? StandingId { get; init; }

    /// <summary>The denied request that these arguments were suggested for; null where an agent asked.</summary>
    public string? SuggestedFor { get; init; }

    /// <summary>The name of the document of what was suggested instead of this call; null for nothing.</summary>
    public string? Suggestion { get; init; }

    /// <summary>When it went on record that nobody came back for the approval; null before.</summary>
    public long? UnusedRecordedMs { get; init; }

    /// <summary>When the call went ahead by it; null before.</summary>
    public long? UsedMs { get; init; }

    /// <summary>The call that went ahead by it.</summary>
    public string? CallId { get; init; }

    /// <summary>
    /// Whether its time is over at an instant, went on record as over, or was counted by a clock that was set back.
    /// </summary>
    public bool IsOverAt(long nowMs) =>
        nowMs >= ExpiresMs || UnusedRecordedMs is not null
        || Math.Max(AskedMs, AnsweredMs ?? 0) > nowMs + ClockBounds.AheadMaxMs;

    /// <summary>
    /// Where it stands at an instant. A release before the one that counts people may have written the first answer for
    /// the last: such an approval is still open.
    /// </summary>
    public ApprovalState StateAt(long nowMs) =>
        State != ApprovalState.Used && IsOverAt(nowMs) ? ApprovalState.Expired
        : State == ApprovalState.Approved && ApprovalsNeeded > (Votes?.Count ?? 0) ? ApprovalState.Open
        : State;
}
