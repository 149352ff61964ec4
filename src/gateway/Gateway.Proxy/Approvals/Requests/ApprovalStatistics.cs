namespace Gateway.Proxy.Approvals.Requests;

/// <summary>Figures about open approval requests, for metrics.</summary>
/// <param name="Open">The number of open requests.</param>
/// <param name="OldestAskedMs">
/// The time of the oldest open request, in Unix milliseconds; null if there is none.
/// </param>
/// <param name="Foremost">The request with the greatest share of its lifetime elapsed; null if there is none.</param>
public sealed record ApprovalStatistics(int Open, long? OldestAskedMs, Approval? Foremost)
{
    /// <summary>The figures without any open request.</summary>
    public static ApprovalStatistics None { get; } = new(0, null, null);

    /// <param name="entries">Every approval, the oldest request first.</param>
    /// <param name="nowMs">The current time; requests that have expired by then do not count.</param>
    public static ApprovalStatistics Of(IEnumerable<ApprovalEntry> entries, long nowMs)
    {
        var figures = None;
        foreach (var entry in entries)
        {
            var approval = entry.Approval;
            if (approval.StateAt(nowMs) != ApprovalState.Open)
                continue;
            figures = new ApprovalStatistics(
                figures.Open + 1, figures.OldestAskedMs ?? approval.AskedMs,
                figures.Foremost is { } other && Ratio(other, nowMs) >= Ratio(approval, nowMs) ? other : approval);
        }

        return figures;
    }

    /// <summary>
    /// Returns the elapsed share of the lifetime of the request that is nearest to its expiry: 0 to 1, and 0 without
    /// one.
    /// </summary>
    public double WaitedRatioAt(long nowMs) => Foremost is null ? 0 : Math.Clamp(Ratio(Foremost, nowMs), 0, 1);

    private static double Ratio(Approval approval, long nowMs) =>
        (nowMs - approval.AskedMs) / (double)Math.Max(1, approval.ExpiresMs - approval.AskedMs);
}
