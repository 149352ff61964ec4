using Gateway.Control.Documents;
using Gateway.Limits.Model;

namespace Gateway.Proxy.Approvals.Requests;

/// <summary>
/// The turn of a call that waits for room of a limit (<c>wait</c>). It reserves nothing: when the call is made, it is
/// evaluated again, and takes its limits then. A previous release takes the document for a used approval, which it
/// neither runs nor accepts for another call.
/// </summary>
public sealed record CallTurn
{
    /// <summary>The time in milliseconds over which the calls that wait for one reset are spread.</summary>
    public const long SpreadMs = 3000;

    private const long GapMinMs = 20;
    private const long GapMaxMs = 250;

    /// <summary>
    /// The identity of the counter. Calls that wait for one counter are made one after another, in their order.
    /// </summary>
    public required string Counter { get; init; }

    /// <summary>The counter's name as the policy writes it.</summary>
    public required string Name { get; init; }

    /// <summary>The time at which the counter has room again; null for a place among the calls in flight.</summary>
    public long? ResetMs { get; init; }

    /// <summary>The earliest time of the next attempt; all times here are Unix milliseconds.</summary>
    public required long NextMs { get; init; }

    /// <summary>The end of the wait: the call is not made from then on.</summary>
    public required long UntilMs { get; init; }

    /// <summary>Returns the documents with turns: of calls that wait, and of those that were made since.</summary>
    internal static ApprovalEntry[] Of(ControlSnapshot documents) =>
        [.. ApprovalRepository.WithTurns(documents).Where(static entry => entry.Approval.Task!.Turn is not null)];

    /// <summary>Returns true if the call waits for its turn, or has been claimed for it.</summary>
    internal static bool IsWaiting(Approval approval) => approval is
    {
        State: ApprovalState.Used,
        Task: { Turn: not null, SentMs: null, Round: null, EndedMs: null, WithdrawnMs: null, SealedCall: not null },
    };

    /// <summary>Returns the number of calls that wait for the same counter since an earlier time.</summary>
    internal static int Ahead(IEnumerable<ApprovalEntry> turns, Approval approval) => turns.Count(
        entry => IsWaiting(entry.Approval) && entry.Approval.Task!.Turn!.Counter == approval.Task!.Turn!.Counter
            && IsBefore(entry.Approval, approval));

    /// <summary>
    /// Returns the calls that a run may claim now: of each counter the first one, if its time has come, and each one
    /// whose wait is over.
    /// </summary>
    /// <param name="turns">The documents with turns.</param>
    /// <param name="nowMs">The current time.</param>
    /// <param name="nextMs">The next time at which another call is due, if nothing changes until then.</param>
    internal static List<ApprovalEntry> Due(IReadOnlyCollection<ApprovalEntry> turns, long nowMs, out long nextMs)
    {
        var due = new List<ApprovalEntry>();
        nextMs = long.MaxValue;
        foreach (var queue in turns.GroupBy(static entry => entry.Approval.Task!.Turn!.Counter))
        {
            var waiting = queue.Where(static entry => IsWaiting(entry.Approval)).ToArray();
            var first = waiting.Length == 0 ? null : waiting.Aggregate(
                static (one, other) => IsBefore(other.Approval, one.Approval) ? other : one);
            foreach (var entry in waiting)
            {
                var turn = entry.Approval.Task!.Turn!;
                var startMs = ReferenceEquals(entry, first)
                    ? Math.Min(turn.UntilMs, StartMs(turn, LastMs(queue, nowMs), waiting.Length)) : turn.UntilMs;
                if (startMs > nowMs)
                    nextMs = Math.Min(nextMs, startMs);
                else if (entry.Approval.Task.IsFreeAt(nowMs))
                    due.Add(entry);
            }
        }

        return due;
    }

    private static bool IsBefore(Approval one, Approval other) =>
        (one.AskedMs, string.CompareOrdinal(one.Id, other.Id)).CompareTo((other.AskedMs, 0)) < 0;

    // Places among the calls in flight come one at a time, so only calls after a reset are spread.
    private static long StartMs(CallTurn turn, long lastMs, int count) => turn.ResetMs is null ? turn.NextMs
        : Math.Max(turn.NextMs, lastMs + Math.Clamp(SpreadMs / count, GapMinMs, GapMaxMs));

    /// <summary>
    /// Returns the time of the last call that was made in its turn; 0 if it was dated by a wrong clock.
    /// </summary>
    private static long LastMs(IEnumerable<ApprovalEntry> queue, long nowMs) =>
        queue.Max(static entry => entry.Approval.Task!.SentMs ?? 0) is var last
            && last <= nowMs + ClockBounds.AheadMaxMs ? last : 0;
}
