namespace Gateway.Audit.Reporting;

/// <summary>What became of the requests for approval of one rule.</summary>
/// <param name="Server">The server whose tools the rule is for.</param>
/// <param name="Rule">The rule that asks, as records name it.</param>
/// <param name="Asked">Requests.</param>
/// <param name="Approved">Those that were approved.</param>
/// <param name="Denied">Those that were denied.</param>
/// <param name="Expired">Those that nobody answered in time.</param>
/// <param name="Unused">Those that were approved and not used.</param>
public sealed record ReportedApprovals(
    string Server, string Rule, long Asked, long Approved, long Denied, long Expired, long Unused)
{
    // Fewer answers say nothing; the share is that beyond which people are known to answer without reading.
    private const int AnswersMin = 20;
    private const double ApprovedShare = 0.95;
    private const double DeniedShare = 0.5;

    /// <summary>What to think about; null where the figures say nothing.</summary>
    public string? Hint => Approved + Denied < AnswersMin
        ? Expired >= AnswersMin ? "nobody answers: name an escalation, or deny" : null
        : Approved >= ApprovedShare * (Approved + Denied)
            ? "nearly always approved: loosen it, by a limit, a condition or a standing approval"
        : Denied >= DeniedShare * (Approved + Denied) ? "mostly denied: tighten it, by deny_if or a denial"
        : null;

    /// <summary>This and another one's of the same rule.</summary>
    internal ReportedApprovals Plus(ReportedApprovals other) => this with
    {
        Asked = Asked + other.Asked,
        Approved = Approved + other.Approved,
        Denied = Denied + other.Denied,
        Expired = Expired + other.Expired,
        Unused = Unused + other.Unused,
    };
}
