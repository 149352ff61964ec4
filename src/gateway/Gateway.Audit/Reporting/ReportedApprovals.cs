namespace Gateway.Audit.Reporting;

/// <summary>Outcomes of the requests for approval of one rule.</summary>
/// <param name="Server">The server to whose tools the rule applies.</param>
/// <param name="Rule">The rule that requires approval, in the form that records use.</param>
/// <param name="Asked">Number of requests.</param>
/// <param name="Approved">Number of approved requests.</param>
/// <param name="Denied">Number of denied requests.</param>
/// <param name="Expired">Number of requests that nobody decided in time.</param>
/// <param name="Unused">Number of approvals that were not used.</param>
public sealed record ReportedApprovals(
    string Server, string Rule, long Asked, long Approved, long Denied, long Expired, long Unused)
{
    // Fewer decisions are not significant. Beyond this share, people are known to approve without reading.
    private const int AnswersMin = 20;
    private const double ApprovedShare = 0.95;
    private const double DeniedShare = 0.5;

    /// <summary>Advice for the operator; null if the figures are not significant.</summary>
    public string? Hint => Approved + Denied < AnswersMin
        ? Expired >= AnswersMin ? "nobody decides these requests: configure an escalation, or deny the calls" : null
        : Approved >= ApprovedShare * (Approved + Denied)
            ? "nearly always approved: loosen the rule with a limit, a condition or a standing approval"
        : Denied >= DeniedShare * (Approved + Denied) ? "mostly denied: tighten the rule with deny_if, or deny the "
            + "calls"
        : null;

    /// <summary>Returns the sum of this row and another one for the same rule.</summary>
    internal ReportedApprovals Plus(ReportedApprovals other) => this with
    {
        Asked = Asked + other.Asked,
        Approved = Approved + other.Approved,
        Denied = Denied + other.Denied,
        Expired = Expired + other.Expired,
        Unused = Unused + other.Unused,
    };
}
