using Gateway.Limits.Counting;

namespace Gateway.Limits.Tests.Checking;

/// <summary>The real counter, able to say everything that its further steps depend on.</summary>
internal sealed class CheckedCounter(CounterKey key, CounterRules rules) : Counter(key, rules)
{
    /// <summary>True if it waits for the answer to this request.</summary>
    public bool Awaits(StoreRequest request) => request.Write is null
        ? Store.ReadToken == request.Token
        : Store.Attempt?.Token == request.Token && Store.ReadToken == 0;

    public bool IsAwaiting => Store.IsBusy;

    /// <summary>Numbers that would be lost if it ended now.</summary>
    public Int128 Unissued => Hand.Total + (Store.Attempt?.Gain.Length ?? 0);

    public void Describe(StateText text)
    {
        text.Put(WindowStartMs, IsFinished ? 1 : 0, HandsBackNext ? 1 : 0, (long)LowWater, Tally.Count);
        foreach (var interval in Hand.ToImmutableArray()) text.Put((long)interval.Low, (long)interval.High);
        text.Put('s').Put(Store.Seen.IsCurrent ? 1 : 0, Store.Unknown, Store.ReadToken != 0 ? 1 : 0);
        text.PutRecord(Store.Seen.Record);
        if (Store.Attempt is { } attempt)
        {
            text.Put('a').PutRecord(attempt.Record);
            text.Put((long)attempt.Gain.Low, (long)attempt.Gain.High, (long)attempt.Fallback.Low);
        }

        text.Put('w');
        foreach (var waiter in Line.All)
        {
            text.Put((long)waiter.Ask.CallId.Bits, waiter.IsParked ? 1 : 0, waiter.Ask.PatientUntilMs);
            text.Put(Sign(Store.Seen.Arrivals, waiter), Sign(Store.ReadArrivals, waiter));
            text.Put(Sign(Store.Attempt?.Arrivals ?? 0, waiter));
        }

        // Demand sizes blocks, and only a sole owner has any.
        if (Rules.HasSoleOwner) text.Put(Demand.LastSecond, (long)Demand.Rates.Now, (long)Demand.Rates.Before);
        text.Put('d');
        foreach (var call in Calls!.All)
        {
            var top = call.IsOneInterval ? call.Only.High : Calls.IntervalsOf(call)[^1].High;
            text.Put((long)call.Id.Bits, call.State == CallState.Closed ? 1 : 0, call.WindowStartMs, (long)top);
        }
    }

    private static long Sign(uint arrivals, Waiter waiter) => unchecked((int)(arrivals - waiter.Arrival)) >= 0 ? 1 : 0;
}
