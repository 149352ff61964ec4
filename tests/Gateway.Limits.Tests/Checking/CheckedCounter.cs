namespace Gateway.Limits.Tests.Checking;

/// <summary>The real counter, able to say everything that its further steps depend on.</summary>
internal sealed class CheckedCounter(CounterKey key, CounterRules rules) : FixedWindowCounter(key, rules)
{
    /// <summary>True if it waits for the answer to this request.</summary>
    public bool Awaits(StoreRequest request) => request.Write is null
        ? Store.ReadToken == request.Token
        : Store.PendingWrite?.Token == request.Token && Store.ReadToken == 0;

    public bool IsAwaiting => Store.IsBusy;

    /// <summary>Numbers that would be lost if it ended now.</summary>
    public Int128 Unissued => Hand.Total + (Store.PendingWrite?.Reserved.Length ?? 0);

    public void Describe(StateText text)
    {
        text.Put(WindowStartMs, IsFinished ? 1 : 0, HandsBackNext ? 1 : 0, (long)LowWater, Outstanding.Count);
        foreach (var numberRange in Hand.ToImmutableArray()) text.Put((long)numberRange.Low, (long)numberRange.High);
        text.Put('s').Put(Store.Seen.IsValid ? 1 : 0, Store.Unknown, Store.ReadToken != 0 ? 1 : 0);
        text.PutRecord(Store.Seen.Record);
        if (Store.PendingWrite is { } pendingWrite)
        {
            text.Put('a').PutRecord(pendingWrite.Record);
            text.Put((long)pendingWrite.Reserved.Low, (long)pendingWrite.Reserved.High,
                (long)pendingWrite.Returned.Low);
        }

        text.Put('w');
        foreach (var queued in Line.All)
        {
            text.Put((long)queued.Request.CallId.Bits, queued.IsParked ? 1 : 0, queued.Request.PatientUntilMs);
            text.Put(Sign(Store.Seen.Arrivals, queued), Sign(Store.ReadArrivals, queued));
            text.Put(Sign(Store.PendingWrite?.Arrivals ?? 0, queued));
        }

        // Only a sole owner has blocks to size.
        var (sizing, rates) = (BlockSizing, BlockSizing.Rates);
        if (Rules.HasSoleOwner) text.Put(sizing.LastSecond, (long)rates.Now, (long)rates.Before);
        text.Put('d');
        foreach (var call in Calls!.All)
        {
            var top = call.IsOneInterval ? call.Only.High : Calls.IntervalsOf(call)[^1].High;
            text.Put((long)call.Id.Bits, call.State == CallState.Closed ? 1 : 0, call.WindowStartMs, (long)top);
        }
    }

    private static long Sign(uint arrivals, QueuedRequest queued) =>
        unchecked((int)(arrivals - queued.Arrival)) >= 0 ? 1 : 0;
}
