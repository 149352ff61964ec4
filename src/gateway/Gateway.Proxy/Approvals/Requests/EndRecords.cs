using Gateway.Control.Documents;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>
/// The audit records of the ends of requests and tasks. The write of an end marks it as unrecorded; the frontend that
/// made the write then records the end and removes the mark. If that frontend stops in between, or does not learn that
/// its write succeeded, a sweep records the end later. An end may be recorded twice, but is never missing.
/// </summary>
internal static class EndRecords
{
    /// <summary>The time for which only the frontend that wrote an end records it, in milliseconds.</summary>
    public const long OwnForMs = 30_000;

    /// <summary>Returns a request with an end that is not recorded yet.</summary>
    /// <param name="ended">The request.</param>
    /// <param name="became">The end, as in its record.</param>
    /// <param name="nowMs">The current time in Unix milliseconds.</param>
    public static Approval Unrecorded(Approval ended, string became, long nowMs) =>
        ended with { UnrecordedEnd = became, UnrecordedUntilMs = nowMs + OwnForMs };

    /// <summary>Returns the end that any frontend may record now; null if none is due.</summary>
    public static string? DueAt(Approval approval, long nowMs) =>
        approval.UnrecordedEnd is null ? UnusedAt(approval, nowMs)
        : approval.UnrecordedUntilMs is { } until && nowMs < until && until <= nowMs + OwnForMs ? null
        : approval.UnrecordedEnd;

    /// <summary>Records the end that this process wrote; returns the entry, or null if that failed.</summary>
    public static async ValueTask<ApprovalEntry?> RecordAsync(
        ApprovalRepository book, ApprovalRecord record, ApprovalEntry written, long nowMs) =>
        written.Approval.UnrecordedEnd is { } became && await record.EndedAsync(written.Approval, became, nowMs)
            ? await UnmarkAsync(book, written) : null;

    /// <summary>Removes the mark of an end that is on record; returns the entry, or null if that failed.</summary>
    public static async ValueTask<ApprovalEntry?> UnmarkAsync(ApprovalRepository book, ApprovalEntry written)
    {
        try
        {
            return await book.WriteAsync(
                written.Name, written.Version,
                written.Approval with { UnrecordedEnd = null, UnrecordedUntilMs = null }, CancellationToken.None);
        }
        catch (ControlStoreException)
        {
            // The mark may still be there, and a sweep then records the end again.
            return null;
        }
    }

    /// <summary>
    /// Records the end that is due. With several frontends, the one whose write succeeds does so. Returns the entry;
    /// null if another change came first, or the end could not be recorded.
    /// </summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public static async ValueTask<ApprovalEntry?> TakeAsync(
        ApprovalRepository book, ApprovalRecord record, ApprovalEntry entry, string became, long nowMs)
    {
        var ended = entry.Approval.UnrecordedEnd is null ? Unused(entry.Approval, nowMs) : entry.Approval;
        return await book.WriteAsync(
            entry.Name, entry.Version, Unrecorded(ended, became, nowMs), CancellationToken.None) is { } taken
            ? await RecordAsync(book, record, taken, nowMs) : null;
    }

    /// <summary>
    /// Records the end of the request that a new one of the same call is about to replace, if no sweep has done so yet.
    /// Returns true if the document may have changed.
    /// </summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public static async ValueTask<bool> TryTakeReplacedAsync(
        ApprovalRepository book, ApprovalRecord record, ControlSnapshot documents, string name, long nowMs)
    {
        if (ApprovalRepository.Find(documents, name) is not { } ended
            || (ended.Approval.UnrecordedEnd ?? DueAt(ended.Approval, nowMs)) is not { } became)
            return false;
        await TakeAsync(book, record, ended, became, nowMs);
        return true;
    }

    private static string? UnusedAt(Approval approval, long nowMs) =>
        approval.UnusedRecordedMs is not null || !approval.IsOverAt(nowMs) ? null : approval.State switch
        {
            ApprovalState.Open => "expired",
            ApprovalState.Approved => "unused",
            _ => null,
        };

    // Arguments are no longer needed.
    private static Approval Unused(Approval approval, long nowMs) => approval with
    {
        UnusedRecordedMs = nowMs,
        Arguments = null,
        SealedArguments = null,
        Task = approval.Task is { } task ? task with { SealedCall = null } : null,
    };
}
