namespace Gateway.Proxy.Approvals.Requests;

/// <summary>The requests for approval that nobody has answered yet, for metrics.</summary>
/// <param name="Open">How many there are.</param>
/// <param name="OldestAskedMs">When the first of them was made, Unix milliseconds; null where there is none.</param>
/// <param name="Foremost">The one of whose life the greatest share is gone; null where there is none.</param>
public sealed record ApprovalStatistics(int Open, long? OldestAskedMs, Approval? Foremost)
{
    /// <summary>No request is open.</summary>
    public static ApprovalStatistics None { get; } = new(0, null, null);

    /// <param name="entries">Every approval, the oldest request first.</param>
    /// <param name="nowMs">What has expired by then is open no more.</param>
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
    /// Which share of its life a request has waited, of the one that is nearest to its end: 0 to 1, 0 without one.
    /// </summary>
    public double WaitedRatioAt(long nowMs) => Foremost is null ? 0 : Math.Clamp(Ratio(Foremost, nowMs), 0, 1);

    private static double Ratio(Approval approval, long nowMs) =>
        (nowMs - approval.AskedMs) / (double)Math.Max(1, approval.ExpiresMs - approval.AskedMs);
}
