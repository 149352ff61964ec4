namespace Gateway.Limits.Tests.Checking;

/// <summary>What the checkers know of a real counter, whatever its kind.</summary>
internal static class CounterText
{
    /// <summary>True if it waits for the answer to this request.</summary>
    public static bool Awaits(this ICounter counter, StoreRequest request)
    {
        var store = ((CounterMachine)counter).Store;
        return request.Write is null
            ? store.ReadToken == request.Token
            : store.PendingWrite?.Token == request.Token && store.ReadToken == 0;
    }

    public static CounterPermit? OutFor(this ICounter counter, CallId id) => ((CounterMachine)counter).OutFor(id);

    public static ICounter Copy(this ICounter counter) => (ICounter)((CounterMachine)counter).Copy();

    /// <summary>Says all that its further steps depend on.</summary>
    public static void Put(this StateText text, ICounter counter)
    {
        var machine = (CounterMachine)counter;
        text.Put(machine.IsFinished ? 1 : 0, machine.HandsBackNext ? 1 : 0, machine.Outstanding.Count);
        if (machine is FixedWindowState numbered) Put(text, numbered);
        if (machine is MomentaryState momentary) Put(text, momentary);
        var store = machine.Store;
        text.Put('s').Put(store.Seen.IsValid ? 1 : 0, store.Unknown, store.ReadToken != 0 ? 1 : 0);
        text.PutRecord(store.Seen.Record);
        if (store.PendingWrite is { } pendingWrite)
        {
            text.Put('a').PutRecord(pendingWrite.Record);
            text.Put((long)pendingWrite.Reserved.Low, (long)pendingWrite.Reserved.High,
                (long)pendingWrite.Returned.Low);
        }

        text.Put('w');
        foreach (var queued in machine.Line.All)
        {
            text.Put((long)queued.Request.CallId.Bits, queued.IsParked ? 1 : 0, queued.Request.PatientUntilMs);
            text.Put(Sign(store.Seen.Arrivals, queued), Sign(store.ReadArrivals, queued));
            text.Put(Sign(store.PendingWrite?.Arrivals ?? 0, queued));
        }

        text.Put('d');
        foreach (var call in machine.Calls!.All)
        {
            var intervals = call.IsOneInterval ? [call.Only] : machine.Calls.IntervalsOf(call);
            var top = intervals.IsEmpty ? 0 : intervals[^1].High;
            text.Put((long)call.Id.Bits, call.State == CallState.Closed ? 1 : 0, call.WindowStartMs, (long)top);
        }
    }

    private static void Put(StateText text, FixedWindowState counter)
    {
        text.Put(counter.WindowStartMs, (long)counter.LowWater);
        foreach (var numberRange in counter.Hand.ToImmutableArray())
            text.Put((long)numberRange.Low, (long)numberRange.High);

        // Only a sole owner has blocks to size.
        var (sizing, rates) = (counter.BlockSizing, counter.BlockSizing.Rates);
        if (counter.Rules.HasSoleOwner) text.Put(sizing.LastSecond, (long)rates.Now, (long)rates.Before);
    }

    private static void Put(StateText text, MomentaryState counter)
    {
        text.Put(counter.QuarantineUntilMs, counter.LastUseMs);
        text.Put(counter.Returned);
        text.Put(counter.Returning);
        foreach (var (id, cost) in counter.Served.OrderBy(static one => one.Key.Bits))
            text.Put((long)id.Bits, (long)cost);
    }

    private static long Sign(uint arrivals, QueuedRequest queued) =>
        unchecked((int)(arrivals - queued.Arrival)) >= 0 ? 1 : 0;
}
