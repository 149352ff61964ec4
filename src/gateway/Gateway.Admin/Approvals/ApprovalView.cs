using System.Text.Json;
using Gateway.Audit.Records;

namespace Gateway.Admin.Approvals;

/// <summary>A request for approval as an operator sees it.</summary>
/// <param name="Id">What the agent was told it is called.</param>
/// <param name="State"><c>open</c>, <c>approved</c>, <c>denied</c>, <c>used</c> or <c>expired</c>.</param>
/// <param name="Grant">Who asks.</param>
/// <param name="Server">The server that the call is for.</param>
/// <param name="Tool">The tool.</param>
/// <param name="Rule">JSON Pointer to the rule that asks.</param>
/// <param name="Reason">Why a person is asked.</param>
/// <param name="Arguments">The exact arguments; null where there are none, or nobody has to see them any more.</param>
/// <param name="ArgumentsSha256">Of their canonical form, while they are shown.</param>
/// <param name="Asked">When.</param>
/// <param name="Expires">When the request, or its answer, is over.</param>
/// <param name="Answered">When it was approved or denied.</param>
/// <param name="AnsweredBy">Who did that.</param>
/// <param name="Comment">Why.</param>
/// <param name="Used">When the call went ahead.</param>
/// <param name="CallId">That call, as the record names it.</param>
/// <param name="ApprovalsNeeded">How many different people must approve; null where one is enough.</param>
/// <param name="Votes">Who has approved so far, where it needs several; null before the first one.</param>
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
    /// <summary>What the first of several approvers wants to allow beside this call, or what they allowed.</summary>
    public StandingTermsView? Standing { get; init; }

    /// <summary>
    /// The identity that answered, the last one of several; null before, and where a previous release wrote it.
    /// </summary>
    public Actor? AnsweredAs { get; init; }

    /// <summary>The standing approval that was made with it.</summary>
    public string? StandingId { get; init; }

    /// <summary>Who may not approve it: <c>grantor</c>, who let the agent's client in; null for nobody.</summary>
    public string? Not { get; init; }

    /// <summary>The record's digest of the arguments, under the gateway's key; null where there are none.</summary>
    public string? ArgumentsHmac { get; init; }

    /// <summary>The denied request that these arguments were suggested for; null where an agent asked.</summary>
    public string? SuggestedFor { get; init; }

    /// <summary>When a further channel is told of it; null for never.</summary>
    public DateTimeOffset? Escalates { get; init; }

    /// <summary>That channel.</summary>
    public string? EscalatesTo { get; init; }

    /// <summary>
    /// While it is open: conditions that only these arguments meet, for <c>where</c> of a standing approval.
    /// </summary>
    public IReadOnlyList<ConditionView>? SuggestedWhere { get; init; }
}
