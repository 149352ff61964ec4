using Gateway.Audit.Records;
using Gateway.Policy.Decisions;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>What an agent is told whose call waits for a person, or was denied by one.</summary>
public static class ApprovalRefusals
{
    /// <summary>The store of approvals cannot be reached.</summary>
    public static Refusal Unavailable { get; } = Refusal.Unavailable(
        Trouble.Control, "(approvals unavailable)",
        "this call needs a person's approval, and the gateway cannot reach its record of approvals");

    /// <summary>The grant ended while the call waited.</summary>
    public static Refusal GrantEnded { get; } = new(
        RefusalCategory.Denied, "(grant ended)",
        "the grant was revoked, paused or expired while the call waited for approval",
        "Ask the gateway's operator for a new one.");

    /// <summary>A person is asked; the agent is told to come again.</summary>
    /// <param name="decision">What asked.</param>
    /// <param name="approval">The open request.</param>
    /// <param name="url">Where a person who signs in decides; null where agents are told no address.</param>
    public static Refusal Pending(PolicyDecision decision, Approval approval, string? url) => new(
        RefusalCategory.ApprovalRequired, decision.Rule, decision.Reason,
        $"The request is pending as approval {approval.Id} until {RefusalJson.Time(approval.ExpiresMs)}. "
            + (url is null ? "" : $"A person decides, signed in, at {url} . ")
            + "Call again with the same arguments: once a person has approved, the call goes ahead, once.")
    {
        ApprovalId = approval.Id,
        ApprovalUrl = url,
    };

    /// <summary>Nobody answered in time.</summary>
    public static Refusal Unanswered(PolicyDecision decision, string approvalId) => new(
        RefusalCategory.ApprovalRequired, decision.Rule, "nobody answered the request for approval in time",
        "Call again with the same arguments to ask anew.")
    {
        ApprovalId = approvalId,
    };

    /// <summary>A person said no.</summary>
    /// <param name="decision">What asked.</param>
    /// <param name="approval">The denied request.</param>
    /// <param name="suggestion">What they suggested instead, with its arguments; null for nothing, or used.</param>
    public static Refusal Denied(PolicyDecision decision, Approval approval, Approval? suggestion) => new(
        RefusalCategory.Denied, decision.Rule,
        $"{approval.AnsweredBy ?? "An operator"} denied this call"
            + (approval.Comment is { Length: > 0 } comment ? $": {comment}" : ""),
        suggestion?.Arguments is { } arguments
            ? "Do not call it again with the same arguments. Instead it may be called once, until "
                + $"{RefusalJson.Time(suggestion.ExpiresMs)}, with exactly these: {arguments}"
            : "Do not call it again with the same arguments.")
    {
        ApprovalId = approval.Id,
    };

    /// <summary>The grant has as many open requests as it may have.</summary>
    public static Refusal TooMany(PolicyDecision decision, int openMax) => new(
        RefusalCategory.Denied, decision.Rule,
        $"this call needs a person's approval, and the grant has {openMax} requests open, the most it may have",
        "Wait until some are answered or have expired, then try again.");

    /// <summary>The arguments are longer than what a person is shown.</summary>
    public static Refusal TooLarge(PolicyDecision decision, int bytesMax) => new(
        RefusalCategory.Denied, decision.Rule,
        $"this call needs a person's approval, and its arguments are longer than the {bytesMax} bytes that a person "
            + "is shown",
        "Send less at a time.");
}
