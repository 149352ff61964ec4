using Gateway.Limits.Counting;
using Gateway.Limits.Model;

namespace Gateway.Limits.Windows.Sliding;

/// <summary>
/// At most the maximum in any interval of the window's length. Numbers are counted by their deadline.
/// </summary>
internal sealed class SlidingWindowKind : ICountedKind
{
    public string Name => "sliding";

    public bool IsAligned => false;

    public bool IsNumbered => false;

    public string? Check(Window window) => window == Window.Month
        ? "a sliding window cannot be a month, which has no fixed length: use a window such as 2592000 (30 days), or "
            + "the kind \"fixed\""
        : window.Zone is not null ? "a sliding window does not follow dates: omit \"zone\", or use the kind "
            + "\"fixed\"" : null;

    public string Say(string what, string max, string each, string length) => $"at most {what} in any {length}";

    public long DeadlineMs(Window window, long startMs) => startMs + SlidingTimes.UseMs(window) + 1;

    public long RecordEndMs(Window window, long startMs) => SlidingTimes.RecordEndMs(window, startMs);

    public long FirstCountedMs(Window window, long startMs) => startMs - (RecordEndMs(window, startMs) - startMs);

    public long MostIn(Window window, long spanMs) => (spanMs + window.ShortestMs - 1) / window.ShortestMs;

    public int EdgeMs(int marginMs) => 0;

    public SpendOutcome CheckSpend(CounterPermit part, long nowMs, int marginMs, out long startMs)
    {
        startMs = long.MinValue;
        return SlidingTimes.CheckSpend(part, nowMs);
    }

    public Int128 Counted(Window window, in Reservation record, long nowMs) =>
        record.Entries?.From(SlidingTimes.FirstCountedMs(window, nowMs)).Total ?? record.Reserved;

    public SlidingEntries? Decode(ReadOnlySpan<byte> bytes) => SlidingEntries.FromBytes(bytes);

    public string Explain(CounterKey key, Amount cost, Amount max, Amount remaining, long resetAtMs) =>
        $"Counter {key.ShownName} has {remaining} of {max} left in any {key.Window}, but this call needs {cost}. "
        + $"Enough is available at {Window.TimeText(resetAtMs + 999)}.";

    public ICounter NewCounter(CounterKey key, CounterRules rules) => new SlidingWindowCounter(key, rules);
}
