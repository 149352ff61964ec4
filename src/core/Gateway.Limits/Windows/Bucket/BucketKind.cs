using Gateway.Limits.Counting;
using Gateway.Limits.Model;
using Gateway.Limits.Windows.Sliding;

namespace Gateway.Limits.Windows.Bucket;

/// <summary>
/// A token bucket: up to the maximum at once, refilled evenly by the maximum per window length W. In any interval of
/// length t it admits at most max + max × (t + D + 2 ε) / W, provided that clocks are within ε of true time. D is how
/// long after its reservation a permit may be used.
/// </summary>
/// <remarks>
/// Consider calls admitted in [x, x + t] of true time. Each was reserved when its owner's clock showed r, or when a
/// record by an owner whose clock was ahead showed r: r ≤ x + t + ε. Each was admitted by a clock that showed at most r
/// + D, so r ≥ x − D − ε. All of them were therefore reserved within t + D + 2 ε of record time, which never goes back.
/// In such an interval records admit at most the full bucket plus the refill.
/// </remarks>
internal sealed class BucketKind : ICountedKind
{
    public string Name => "bucket";

    public bool IsAligned => false;

    public bool IsNumbered => false;

    public bool CanRaise => false;

    public string? Check(Window window) => window == Window.Month
        ? "a bucket cannot refill over a month, which has no fixed length: use a window such as 2592000 (30 days), or "
            + "the kind \"fixed\""
        : window.Zone is not null ? "a bucket does not follow dates: omit \"zone\", or use the kind \"fixed\"" : null;

    public string Say(string what, string max, string each, string length) =>
        $"at most {what} in a burst, then at most {max} {each}";

    public long DeadlineMs(Window window, long startMs) => startMs + SlidingTimes.UseMs(window) + 1;

    // The process that deletes the record and the one that begins the next may have clocks that differ by 2 ε.
    public long RecordEndMs(Window window, long startMs) =>
        startMs + window.ShortestMs + (2 * ClockBounds.EpsilonMs);

    public long FirstCountedMs(Window window, long startMs) => startMs - (RecordEndMs(window, startMs) - startMs);

    public long MostIn(Window window, long spanMs)
    {
        var paidMs = spanMs + SlidingTimes.UseMs(window) + (2 * ClockBounds.EpsilonMs);
        return 1 + ((paidMs + window.ShortestMs - 1) / window.ShortestMs);
    }

    public int EdgeMs(int marginMs) => 0;

    public SpendOutcome CheckSpend(CounterPermit part, long nowMs, int marginMs, out long startMs)
    {
        startMs = long.MinValue;
        return SlidingTimes.CheckSpend(part, nowMs);
    }

    public long ResetAtMs(CounterPermit part) =>
        part.WindowStartMs + BucketMath.RefillMs(part.UsedAfter.Nano, part.Max, part.Key.Window);

    // A record does not contain the maximum by which it refills.
    public Int128 Counted(Window window, in Reservation record, long nowMs) =>
        nowMs - record.WindowStartMs >= window.ShortestMs ? 0 : record.Reserved;

    public SlidingEntries? Decode(ReadOnlySpan<byte> bytes) => null;

    public string Explain(CounterKey key, Amount cost, Amount max, Amount remaining, long resetAtMs) =>
        $"Counter {key.ShownName} has {remaining} of {max} left and refills by {max} in {key.Window}, but this call "
        + $"needs {cost}. Enough is available at {Window.TimeText(resetAtMs + 999)}.";

    public ICounter NewCounter(CounterKey key, CounterRules rules) => new BucketCounter(key, rules);
}
