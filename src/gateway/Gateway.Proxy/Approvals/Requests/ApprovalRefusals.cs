using Gateway.Audit.Records;
using Gateway.Policy.Decisions;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>The refusals of calls that wait for a person or that a person denied.</summary>
public static class ApprovalRefusals
{
    /// <summary>The refusal while the store of approvals is unavailable.</summary>
    public static Refusal Unavailable { get; } = Refusal.Unavailable(
        Trouble.Control, "(approvals unavailable)",
        "this call needs a person's approval, and the gateway cannot reach the store of its approvals");

    /// <summary>The refusal of a call whose grant ended while it waited.</summary>
    public static Refusal GrantEnded { get; } = new(
        RefusalCategory.Denied, "(grant ended)",
        "the grant was revoked, paused or expired while the call waited",
        "Ask the gateway's operator to resume the grant or to create a new one.");

    /// <summary>Returns the refusal of a call that waits for a person; the agent may retry later.</summary>
    /// <param name="decision">The decision that requires approval.</param>
    /// <param name="approval">The open request.</param>
    /// <param name="url">The address where a person signs in and decides; null if agents are given no address.</param>
    public static Refusal Pending(PolicyDecision decision, Approval approval, string? url) => new(
        RefusalCategory.ApprovalRequired, decision.Rule, decision.Reason,
        $"The request is pending as approval {approval.Id} until {RefusalJson.Time(approval.ExpiresMs)}. "
            + (url is null ? "" : $"A person can sign in and decide at {url} . ")
            + "Wait, then call again with the same arguments: after a person approves, one such call is forwarded.")
    {
        ApprovalId = approval.Id,
        ApprovalUrl = url,
    };

    /// <summary>Returns the refusal of a call that nobody decided on in time.</summary>
    public static Refusal Unanswered(string rule, string approvalId) => new(
        RefusalCategory.ApprovalRequired, rule, "nobody decided on the approval request in time",
        "Call again with the same arguments to request approval again.")
    {
        ApprovalId = approvalId,
    };

    /// <summary>
    /// The refusal of an approved call whose request was withdrawn, or has expired, before it was sent.
    /// </summary>
    public static Refusal Withdrawn { get; } = new(
        RefusalCategory.Denied, "(approval ended)",
        "the request for approval was withdrawn or has expired, or another frontend runs the call",
        "Call again to request approval again.");

    /// <summary>The refusal of an approved call whose tool has changed.</summary>
    public static Refusal ToolChanged { get; } = new(
        RefusalCategory.Denied, "(tool changed)",
        "the definition of the tool has changed while the call waited", "List the tools again, then call again.");

    /// <summary>The refusal of a call whose tool was unknown when it was made, so that it may have changed.</summary>
    public static Refusal ToolUnknown { get; } = new(
        RefusalCategory.Denied, "(tool changed)",
        "the gateway did not know the definition of the tool when the call began to wait",
        "List the tools, then call again.");

    /// <summary>Returns the refusal of a call that may have been stored as a task, which then makes it.</summary>
    /// <param name="rule">The rule by which it waits.</param>
    /// <param name="next">The advice for its client.</param>
    public static Refusal MayBeMade(string rule, string next) => new(
        RefusalCategory.Unavailable, rule,
        "the gateway cannot reach its store, in which the call may wait as a task", next)
    {
        Cause = Trouble.Control,
    };

    /// <summary>The refusal of an approved call that needs the caller's own access token.</summary>
    public static Refusal NeedsCaller { get; } = new(
        RefusalCategory.Denied, "(sign in again)",
        "calls to this server carry your own access token, which the gateway does not store",
        "Sign in again if your token has expired, then call again with the same arguments: the approval stays valid "
            + "for one such call.");

    /// <summary>Returns the refusal of a call that a task of the same caller is about to make.</summary>
    public static Refusal HasTask(PolicyDecision decision, Approval approval) => new(
        RefusalCategory.Denied, decision.Rule,
        "an identical call of yours is running as a task", "Request the state of that task.")
    {
        ApprovalId = approval.Id,
    };

    /// <summary>Returns the refusal of an approved call whose rule now requires another approval.</summary>
    public static Refusal NotEnough(PolicyDecision decision, Approval approval) => new(
        RefusalCategory.Denied, decision.Rule,
        approval.Task?.Round is null
            ? "the policy has changed, and requires more approvals, or other approvers, than this call has"
            : "the server has requested input again, and the call needs a new approval",
        "Call again to request approval again.")
    {
        ApprovalId = approval.Id,
    };

    /// <summary>Returns the refusal of a call that was approved and could not be made in time.</summary>
    public static Refusal NotMade(Approval approval) => new(
        RefusalCategory.Unavailable, approval.Rule, "a person approved the call, and it could not be made in time",
        "Call again with the same arguments to request approval again.")
    {
        ApprovalId = approval.Id,
    };

    /// <summary>Returns the refusal of a call whose approval was used by an identical call.</summary>
    public static Refusal UsedElsewhere(Approval approval) => new(
        RefusalCategory.Denied, approval.Rule, "an identical call of yours has used the approval",
        "Use the result of that call.")
    {
        ApprovalId = approval.Id,
    };

    /// <summary>Returns the refusal of a call that a person denied.</summary>
    /// <param name="rule">The rule that required approval.</param>
    /// <param name="approval">The denied request.</param>
    /// <param name="suggestion">
    /// The call suggested instead, with its arguments; null if there is none or it was used.
    /// </param>
    public static Refusal Denied(string rule, Approval approval, Approval? suggestion) => new(
        RefusalCategory.Denied, rule,
        $"{approval.AnsweredBy ?? "An operator"} denied this call"
            + (approval.Comment is { Length: > 0 } comment ? $": {comment}" : ""),
        suggestion?.Arguments is { } arguments
            ? "Do not call it again with the same arguments. Instead, you may call it once, until "
                + $"{RefusalJson.Time(suggestion.ExpiresMs)}, with exactly these: {arguments}"
            : "Do not call it again with the same arguments.")
    {
        ApprovalId = approval.Id,
    };

    /// <summary>Returns the refusal of a call whose grant has the maximum number of open requests.</summary>
    public static Refusal TooMany(PolicyDecision decision, int openMax) => new(
        RefusalCategory.Denied, decision.Rule,
        $"this call needs a person's approval, and the grant has {openMax} requests open, the maximum",
        "Wait until some of these requests are decided or have expired, then try again.");

    /// <summary>Returns the refusal of a call whose arguments are too long to show to a person.</summary>
    public static Refusal TooLarge(PolicyDecision decision, int bytesMax) => new(
        RefusalCategory.Denied, decision.Rule,
        $"this call needs a person's approval, and its arguments are longer than the {bytesMax} bytes that a person "
            + "can review",
        "Send shorter arguments, for example in several calls.");
}
