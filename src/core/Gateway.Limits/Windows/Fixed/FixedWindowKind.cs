using Gateway.Limits.Counting;
using Gateway.Limits.Model;

namespace Gateway.Limits.Windows.Fixed;

/// <summary>Windows aligned to UTC, one after the other. Each window numbers the amounts that it gives out.</summary>
internal class FixedWindowKind : ICountedKind
{
    public virtual string Name => "fixed";

    public bool IsAligned => true;

    public bool IsNumbered => true;

    public virtual string? Check(Window window) => null;

    public long DeadlineMs(Window window, long startMs) => window.EndMs(startMs);

    public virtual long RecordEndMs(Window window, long startMs) => window.EndMs(startMs);

    public long FirstCountedMs(Window window, long startMs) => startMs;

    public long MostIn(Window window, long spanMs) => 1 + ((spanMs + window.ShortestMs - 1) / window.ShortestMs);

    public int EdgeMs(int marginMs) => marginMs;

    public SpendOutcome CheckSpend(CounterPermit part, long nowMs, int marginMs, out long startMs)
    {
        startMs = part.WindowStartMs + marginMs;
        return part.Top > part.Max.Nano || nowMs >= part.WindowEndMs - marginMs ? SpendOutcome.Expired
            : startMs > nowMs ? SpendOutcome.Wait : SpendOutcome.Spent;
    }

    public Int128 Counted(Window window, in Reservation record, long nowMs) => record.Reserved;

    public virtual SlidingEntries? Decode(ReadOnlySpan<byte> bytes) => null;

    public virtual string Explain(CounterKey key, Amount cost, Amount max, Amount remaining, long resetAtMs) =>
        $"Counter {key.ShownName} has {remaining} of {max} left in this window ({key.Window}), but this call needs "
        + $"{cost}. The counter resets at {Window.TimeText(resetAtMs)}.";

    public virtual ICounter NewCounter(CounterKey key, CounterRules rules) => new FixedWindowCounter(key, rules);
}
