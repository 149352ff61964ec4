using Gateway.Limits.Tests.Checking;

namespace Gateway.Limits.Tests.Simulation.Oracles;

/// <summary>No interval of the limit's length holds more than the maximum, and the store counts what is out.</summary>
internal sealed class SlidingOracle(bool checksTime) : Oracle(checksTime)
{
    /// <inheritdoc/>
    /// <remarks>What has slid out is not taken back.</remarks>
    public override bool MayReturn(CounterPermit part, ICounter owner, long nowMs) =>
        SlidingTimes.DeadlineMs(part.Key.Window, part.WindowStartMs)
        >= SlidingTimes.FirstCountedMs(part.Key.Window, nowMs);

    /// <inheritdoc/>
    public override void CheckFreeAt(CounterCost cost, in CounterRefusal refusal)
    {
        var freeAtMs = cost.Key.Window.EndMs(refusal.WindowStartMs);
        if (Taken(cost, refusal, freeAtMs) + cost.Cost.Nano > cost.Max.Nano)
            throw new Violation($"{cost.Key}: no room at {freeAtMs}, as was said");
        if (Taken(cost, refusal, freeAtMs - 1) + cost.Cost.Nano <= cost.Max.Nano)
            throw new Violation($"{cost.Key}: room before {freeAtMs}, later than need be");
    }

    /// <inheritdoc/>
    public override void Put(StateText text)
    {
        foreach (var one in All.Where(static one => one.SentMs is not null).OrderBy(static one => one.SentMs))
            text.Put(one.SentMs!.Value, (long)one.Left);
    }

    /// <inheritdoc/>
    protected override Int128 Taken(CounterCost cost, in CounterRefusal refusal, long nowMs) =>
        Taken(cost.Key, nowMs);

    /// <inheritdoc/>
    protected override void CheckIssue(Given given, Reservation record, long trueMs)
    {
        var deadlineMs = DeadlineMs(given);
        CheckCount(given, Taken(given.Key, given.StartMs));
        if (!ChecksTime || trueMs > deadlineMs) return;
        var (total, counted) = (given.Cost, (Int128)0);
        foreach (var one in All) if (one.Key == given.Key && DeadlineMs(one) == deadlineMs) total += one.Left;
        foreach (var entry in record.Entries?.All ?? [])
            if (entry.DeadlineMs == deadlineMs) counted = entry.Count;
        if (total > counted)
            throw new Violation($"{given.Key}: {total} given out until {deadlineMs}, {counted} counted");
    }

    /// <inheritdoc/>
    protected override void CheckSent(Given given, long trueMs)
    {
        if (!ChecksTime) return;
        var sinceMs = trueMs - SlidingTimes.LengthMs(given.Key.Window);
        Int128 total = 0;
        foreach (var one in All) if (one.Key == given.Key && one.SentMs >= sinceMs) total += one.Left;
        if (total > MaxOf(given.Key))
            throw new Violation($"{given.Key}: {total} sent in its length, max {given.Max}, at {trueMs}");
    }

    private Int128 Taken(CounterKey key, long nowMs)
    {
        var firstMs = SlidingTimes.FirstCountedMs(key.Window, nowMs);
        return All.Where(one => one.Key == key && DeadlineMs(one) >= firstMs)
            .Aggregate((Int128)0, static (sum, one) => sum + one.Left);
    }

    private static long DeadlineMs(Given given) => SlidingTimes.DeadlineMs(given.Key.Window, given.StartMs);
}
