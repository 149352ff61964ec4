using System.Text.Json.Serialization;
using Gateway.Audit.Records;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Proxy.Approvals.Digests;
using Gateway.Proxy.Approvals.Standing;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>One request for a person's approval of one call, as stored in the control store.</summary>
public sealed record Approval
{
    /// <summary>128 random bits as 32 hexadecimal digits; the id that agents and operators use.</summary>
    public required string Id { get; init; }

    /// <summary>The state as last written; <see cref="StateAt"/> also considers expiry.</summary>
    public required ApprovalState State { get; init; }

    /// <summary>The grant whose agent made the call.</summary>
    public required string Grant { get; init; }

    /// <summary>The server that the call is for.</summary>
    public required string Server { get; init; }

    /// <summary>The method of the call; null in a request of an earlier release.</summary>
    public string? Method { get; init; }

    /// <summary>The tool that the call is for.</summary>
    public required string Tool { get; init; }

    /// <summary>The JSON Pointer to the rule that requires approval.</summary>
    public required string Rule { get; init; }

    /// <summary>The reason for requiring approval, from the policy.</summary>
    public required string Reason { get; init; }

    /// <summary>
    /// The arguments as the agent sent them. Null if it sent none, once they are no longer needed, and as read from the
    /// store, which keeps them sealed. Only an earlier release stored them in plain text.
    /// </summary>
    public string? Arguments { get; init; }

    /// <summary>The arguments, encrypted.</summary>
    public string? SealedArguments { get; init; }

    /// <summary>
    /// The SHA-256 of the canonical form of the arguments, written by an earlier release; null in this one.
    /// </summary>
    public string? ArgumentsSha256 { get; init; }

    /// <summary>
    /// The digest of the arguments under the gateway's key (<see cref="ArgumentsDigest"/>); null if there are none.
    /// </summary>
    public string? ArgumentsHmac { get; init; }

    /// <summary>The time of the request; all times here are Unix milliseconds.</summary>
    public required long AskedMs { get; init; }

    /// <summary>
    /// The time in milliseconds for which the request stays open, and for which a decision is then valid.
    /// </summary>
    public required long HoldsForMs { get; init; }

    /// <summary>The time at which the request, or its decision, expires.</summary>
    public required long ExpiresMs { get; init; }

    /// <summary>The time of the decision; null before.</summary>
    public long? AnsweredMs { get; init; }

    /// <summary>The name of the person who decided; null before.</summary>
    public string? AnsweredBy { get; init; }

    /// <summary>
    /// The identity of the last person who decided; null before, and in documents of an earlier release.
    /// </summary>
    public Actor? AnsweredAs { get; init; }

    /// <summary>
    /// The names of the people who decided, each with the absent person by whose right: <c>anna for bob</c>.
    /// </summary>
    [JsonIgnore]
    public string? DecidedBy => Votes is { Count: > 0 } votes
        && AnsweredBy == string.Join(", ", votes.Select(static vote => vote.By))
        ? string.Join(", ", votes.Select(static vote => Named(vote.By, vote.For?.Account)))
        : AnsweredBy is { } by ? Named(by, AnsweredAs?.OnBehalfOf) : null;

    /// <summary>The comment of that person; null if there is none.</summary>
    public string? Comment { get; init; }

    /// <summary>The number of different people who must approve; null for one.</summary>
    public int? ApprovalsNeeded { get; init; }

    /// <summary>True if the person who signed in the agent's client may not approve; null if they may.</summary>
    public bool? IsBarredToGrantor { get; init; }

    /// <summary>
    /// True if only a person who is shown not to be the caller may approve; null if anybody may, and once a previous
    /// release has written the request, which does not know this member.
    /// </summary>
    public bool? IsBarredToCaller { get; init; }

    /// <summary>The caller, if a token of an issuer identified it; null otherwise.</summary>
    public CallerSubject? Caller { get; init; }

    /// <summary>The OAuth client of the caller's token; null if it names none, or a previous release wrote the request.
    /// </summary>
    public string? CallerClient { get; init; }

    /// <summary>
    /// The <c>sub</c> of the token's outermost <c>act</c>; null without one, or if a previous release wrote this.
    /// </summary>
    public string? CallerActor { get; init; }

    /// <summary>
    /// True if each approver was shown not to be the caller; null if that was not required, or a previous release has
    /// written the request since.
    /// </summary>
    public bool? IsApartFromCaller { get; init; }

    /// <summary>
    /// The time at which a further channel is notified if nobody has decided by then; null for never.
    /// </summary>
    public long? EscalatesMs { get; init; }

    /// <summary>The channel that is notified on escalation.</summary>
    public string? EscalatesTo { get; init; }

    /// <summary>The approvals so far, the first one first; null if there are none, or if one is enough.</summary>
    public IReadOnlyList<ApprovalVote>? Votes { get; init; }

    /// <summary>The hash of the grant's token; null in a request of an earlier release.</summary>
    public string? GrantToken { get; init; }

    /// <summary>The hash of the rule that requires approval; null in a request of an earlier release.</summary>
    public string? RuleSha256 { get; init; }

    /// <summary>The hash of the tool's definition at the time of the request; null if unknown.</summary>
    public string? ToolContract { get; init; }

    /// <summary>The same; null also for a long call whose tool was unknown, which has an empty one.</summary>
    [JsonIgnore]
    public string? KnownContract => ToolContract is { Length: > 0 } contract ? contract : null;

    /// <summary>The terms for further calls that the first approver proposed; null for none.</summary>
    public StandingTerms? Proposed { get; init; }

    /// <summary>The id of the standing approval that was made with this one; null for none.</summary>
    public string? StandingId { get; init; }

    /// <summary>
    /// The id of the denied request for which these arguments were suggested; null if an agent made the request.
    /// </summary>
    public string? SuggestedFor { get; init; }

    /// <summary>The document name of the call that was suggested instead; null for none.</summary>
    public string? Suggestion { get; init; }

    /// <summary>The time at which the approval was recorded as unused; null before.</summary>
    public long? UnusedRecordedMs { get; init; }

    /// <summary>
    /// The end that may be missing in the audit log, as in its record; null before the end, once it is on record, and
    /// after a write by a previous release.
    /// </summary>
    public string? UnrecordedEnd { get; init; }

    /// <summary>The time until which only the frontend that wrote the end records it.</summary>
    public long? UnrecordedUntilMs { get; init; }

    /// <summary>The time at which the call proceeded under this approval; null before.</summary>
    public long? UsedMs { get; init; }

    /// <summary>The id of the call that proceeded under this approval.</summary>
    public string? CallId { get; init; }

    /// <summary>The task that the client received in place of a result; null if it received none.</summary>
    public ApprovalTask? Task { get; init; }

    private static string Named(string by, string? absent) => absent is null ? by : $"{by} for {absent}";

    /// <summary>Returns the time until which the task's result is kept.</summary>
    public long TaskKeptUntilMs() => Math.Max(
            AskedMs + HoldsForMs, Task?.EndedMs ?? Task?.InputUntilMs ?? AnsweredMs ?? 0)
        + (long)ApprovalTask.ResultKeptFor.TotalMilliseconds;

    /// <summary>
    /// Returns true if the request has expired, was recorded as expired, was withdrawn, or was dated by a clock that
    /// has since been set back.
    /// </summary>
    public bool IsOverAt(long nowMs) =>
        nowMs >= ExpiresMs || UnusedRecordedMs is not null || Task?.WithdrawnMs is not null
        || Math.Max(AskedMs, AnsweredMs ?? 0) > nowMs + ClockBounds.AheadMaxMs;

    /// <summary>
    /// Returns the state at an instant. A release that did not yet count approvers may have stored the first approval
    /// as the last: such a request is still open.
    /// </summary>
    public ApprovalState StateAt(long nowMs) =>
        State != ApprovalState.Used && IsOverAt(nowMs) ? ApprovalState.Expired
        : State == ApprovalState.Approved && ApprovalsNeeded > (Votes?.Count ?? 0) ? ApprovalState.Open
        : State;

    /// <summary>Returns true if a task waits for a decision, for its run, or for the end of its run.</summary>
    public bool HasOpenTaskAt(long nowMs) => Task is { EndedMs: null } && StateAt(nowMs) switch
    {
        ApprovalState.Open or ApprovalState.Approved => true,
        // If it was not sent, another call of the same caller has used the approval.
        ApprovalState.Used => Task.SentMs is not null || Task.Turn is not null || Task.Round is not null,
        ApprovalState.Denied or ApprovalState.Expired => false,
        var state => throw new NotSupportedException($"ApprovalState {state} has no case here."),
    };
}
