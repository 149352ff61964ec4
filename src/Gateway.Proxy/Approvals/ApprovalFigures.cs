namespace Gateway.Proxy.Approvals;

/// <summary>The requests for approval that nobody has answered yet, for metrics.</summary>
/// <param name="Open">How many there are.</param>
/// <param name="OldestAskedMs">When the first of them was made, Unix milliseconds; null where there is none.</param>
internal sealed record ApprovalFigures(int Open, long? OldestAskedMs)
{
    public static ApprovalFigures None { get; } = new(0, null);

    /// <param name="entries">Every approval, the oldest request first.</param>
    /// <param name="nowMs">What has expired by then is open no more.</param>
    public static ApprovalFigures Of(IEnumerable<ApprovalEntry> entries, long nowMs)
    {
        var (open, oldest) = (0, (long?)null);
        foreach (var entry in entries)
        {
            if (entry.Approval.StateAt(nowMs) != ApprovalState.Open)
                continue;
            open++;
            oldest ??= entry.Approval.AskedMs;
        }

        return new ApprovalFigures(open, oldest);
    }
}
