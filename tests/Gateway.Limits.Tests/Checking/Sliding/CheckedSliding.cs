namespace Gateway.Limits.Tests.Checking.Sliding;

/// <summary>The real counter, able to say everything that its further steps depend on.</summary>
internal sealed class CheckedSliding(CounterKey key, CounterRules rules, bool isForgetful)
    : SlidingWindowCounter(key, rules)
{
    /// <summary>True if it waits for the answer to this request.</summary>
    public bool Awaits(StoreRequest request) => request.Write is null
        ? Store.ReadToken == request.Token
        : Store.PendingWrite?.Token == request.Token && Store.ReadToken == 0;

    public void Describe(StateText text)
    {
        text.Put(QuarantineUntilMs, LastUseMs, HandsBackNext ? 1 : 0, Outstanding.Count);
        text.Put('s').Put(Store.Seen.IsValid ? 1 : 0, Store.Unknown, Store.ReadToken != 0 ? 1 : 0);
        Put(text, Store.Seen.Record);
        if (Store.PendingWrite is { } pendingWrite)
        {
            text.Put('a');
            Put(text, pendingWrite.Record);
            text.Put((long)pendingWrite.Reserved.Length);
        }

        Put(text, Returned);
        Put(text, Returning);
        foreach (var (id, cost) in Served.OrderBy(static one => one.Key.Bits)) text.Put((long)id.Bits, (long)cost);
        text.Put('w');
        foreach (var queued in Line.All)
        {
            text.Put((long)queued.Request.CallId.Bits, queued.IsParked ? 1 : 0);
            text.Put(Sign(Store.Seen.Arrivals, queued), Sign(Store.ReadArrivals, queued));
            text.Put(Sign(Store.PendingWrite?.Arrivals ?? 0, queued));
        }

        text.Put('d');
        foreach (var call in Calls!.All)
            text.Put((long)call.Id.Bits, call.State == CallState.Closed ? 1 : 0, call.WindowStartMs);
    }

    public static void Put(StateText text, Reservation record)
    {
        text.Put(record.WindowStartMs);
        text.PutNonce(record.Nonce);
        Put(text, record.Entries ?? SlidingEntries.Empty);
    }

    /// <summary>The rule that a test of the checker takes out: clocks differ.</summary>
    protected override long FirstCountedMs(long timeMs) =>
        isForgetful ? timeMs - SlidingTimes.LengthMs(Key.Window) : base.FirstCountedMs(timeMs);

    private static void Put(StateText text, SlidingEntries entries)
    {
        text.Put('e');
        foreach (var entry in entries.All) text.Put(entry.DeadlineMs, (long)entry.Count);
    }

    private static long Sign(uint arrivals, QueuedRequest queued) =>
        unchecked((int)(arrivals - queued.Arrival)) >= 0 ? 1 : 0;
}
