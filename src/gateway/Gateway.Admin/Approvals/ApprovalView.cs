using System.Text.Json;
using Gateway.Audit.Records;

namespace Gateway.Admin.Approvals;

/// <summary>A request for approval as an operator sees it.</summary>
/// <param name="Id">The id, which the agent also received.</param>
/// <param name="State"><c>open</c>, <c>approved</c>, <c>denied</c>, <c>used</c> or <c>expired</c>.</param>
/// <param name="Grant">The grant of the agent.</param>
/// <param name="Server">The server that the call is for.</param>
/// <param name="Tool">The tool.</param>
/// <param name="Rule">JSON Pointer to the rule that requires approval.</param>
/// <param name="Reason">The reason why approval is required.</param>
/// <param name="Arguments">The exact arguments; null if there are none, or after the decision.</param>
/// <param name="ArgumentsSha256">The hash of their canonical form, while they are shown.</param>
/// <param name="Asked">The time of the request.</param>
/// <param name="Expires">The expiry of the request, or of its approval.</param>
/// <param name="Answered">The time of the approval or denial.</param>
/// <param name="AnsweredBy">The operator who decided.</param>
/// <param name="Comment">The operator's reason.</param>
/// <param name="Used">The time at which the call was forwarded.</param>
/// <param name="CallId">The id of that call in the record.</param>
/// <param name="ApprovalsNeeded">The number of different people who must approve; null if one is enough.</param>
/// <param name="Votes">The approvals so far, if several are needed; null before the first one.</param>
internal sealed record ApprovalView(
    string Id,
    string State,
    string Grant,
    string Server,
    string Tool,
    string Rule,
    string Reason,
    JsonElement? Arguments,
    string? ArgumentsSha256,
    DateTimeOffset Asked,
    DateTimeOffset Expires,
    DateTimeOffset? Answered,
    string? AnsweredBy,
    string? Comment,
    DateTimeOffset? Used,
    string? CallId,
    int? ApprovalsNeeded,
    IReadOnlyList<ApprovalVoteView>? Votes)
{
    /// <summary>The standing approval that the first of several approvers proposed, or that was granted.</summary>
    public StandingTermsView? Standing { get; init; }

    /// <summary>
    /// The identity that decided, the last one of several; null before the decision, or if a previous release wrote it.
    /// </summary>
    public Actor? AnsweredAs { get; init; }

    /// <summary>The standing approval that was created with it.</summary>
    public string? StandingId { get; init; }

    /// <summary>
    /// The person who may not approve: <c>grantor</c>, who allowed the agent's client, or <c>caller</c>; null for
    /// nobody.
    /// </summary>
    public string? Not { get; init; }

    /// <summary>The subject of the caller; null if no token of an issuer identified it.</summary>
    public string? Caller { get; init; }

    /// <summary>The issuer of that subject, as its tokens name it.</summary>
    public string? CallerIssuer { get; init; }

    /// <summary>The record's keyed digest of the arguments; null if there are none.</summary>
    public string? ArgumentsHmac { get; init; }

    /// <summary>The denied request for which these arguments were suggested; null for an agent's own request.</summary>
    public string? SuggestedFor { get; init; }

    /// <summary>The time at which another channel is notified; null for never.</summary>
    public DateTimeOffset? Escalates { get; init; }

    /// <summary>The name of that channel.</summary>
    public string? EscalatesTo { get; init; }

    /// <summary>
    /// Conditions that only these arguments meet, for <c>where</c> of a standing approval; only while the request is
    /// open.
    /// </summary>
    public IReadOnlyList<ConditionView>? SuggestedWhere { get; init; }

    /// <summary>Earlier decisions about the grant; only in lists, and only while the request is open.</summary>
    public GrantHistoryView? History { get; init; }
}

/// <summary>The terms of a proposed standing approval.</summary>
/// <param name="Next">The number of further calls.</param>
/// <param name="For">The duration in seconds, as <c>900s</c>.</param>
/// <param name="Where">The conditions on their arguments; null for identical arguments.</param>
internal sealed record StandingTermsView(int Next, string For, JsonElement? Where);

/// <summary>One person's approval of a call that needs several.</summary>
/// <param name="By">The approver.</param>
/// <param name="At">The time of the approval.</param>
/// <param name="Actor">The full identity; null if a previous release wrote the approval.</param>
internal sealed record ApprovalVoteView(string By, DateTimeOffset At, Actor? Actor);

/// <summary>A condition on an argument, in the format of a policy.</summary>
/// <param name="Path">The path of the argument.</param>
/// <param name="Op">The comparison.</param>
/// <param name="Value">The value to compare with.</param>
internal sealed record ConditionView(string Path, string Op, JsonElement Value);
