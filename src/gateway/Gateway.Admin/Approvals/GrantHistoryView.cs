using Gateway.Proxy.Approvals.Requests;

namespace Gateway.Admin.Approvals;

/// <summary>Decisions about other requests of a grant, for the person who decides the next one.</summary>
/// <param name="Approved">The number of approved requests, whether or not the call was sent.</param>
/// <param name="Denied">The number of denied requests.</param>
/// <param name="Seconds">The length of the period that ends now; decided requests are listed no longer.</param>
internal sealed record GrantHistoryView(int Approved, int Denied, long Seconds)
{
    /// <summary>Counts in one pass the decisions of each grant.</summary>
    /// <param name="readable">The requests that the caller may read; others must not show in the counts.</param>
    /// <param name="period">The length of the period.</param>
    /// <param name="nowMs">The end of the period.</param>
    public static Dictionary<string, GrantHistoryView> ByGrant(
        IEnumerable<Approval> readable, TimeSpan period, long nowMs)
    {
        var (counts, fromMs) = (new Dictionary<string, GrantHistoryView>(), nowMs - (long)period.TotalMilliseconds);
        foreach (var approval in readable)
        {
            if (approval.AnsweredMs is not { } answered || answered < fromMs)
                continue;
            // The stored state: a denied request that has expired since then was denied all the same.
            var (approved, denied) = approval.State switch
            {
                ApprovalState.Used => (1, 0),
                ApprovalState.Approved => (approval.StateAt(nowMs) == ApprovalState.Open ? 0 : 1, 0),
                ApprovalState.Denied => (0, 1),
                ApprovalState.Open or ApprovalState.Expired => (0, 0),
                var state => throw new NotSupportedException($"ApprovalState {state} has no case here."),
            };
            var known = counts.GetValueOrDefault(approval.Grant) ?? None(period);
            counts[approval.Grant] = known with
            {
                Approved = known.Approved + approved,
                Denied = known.Denied + denied,
            };
        }

        return counts;
    }

    public static GrantHistoryView None(TimeSpan period) => new(0, 0, (long)period.TotalSeconds);
}
