using Gateway.Limits.Counting;
using Gateway.Limits.Model;
using Gateway.Limits.Windows.Sliding;

namespace Gateway.Limits.Windows.InFlight;

/// <summary>
/// Concurrent calls instead of calls per time. The unit is a slot, which expires after the length of the window unless
/// it is renewed, and is free 2 ε after that. Its holder gives it up <see cref="GuardMs"/> before.
/// </summary>
/// <remarks>
/// Each write of the record leaves at most the maximum in it, and each open call has its own slot there. Only the owner
/// that received a slot removes it, and only once the call is no longer open. The slot counts as long as any clock
/// within 2 ε of its owner's shows that it has not expired, and the holder has given it up long before.
/// </remarks>
internal sealed class InFlightKind : ICountedKind
{
    /// <summary>
    /// How long before its expiry a holder gives up its slot, in milliseconds: the time for that to take effect.
    /// </summary>
    public const int GuardMs = 5000;

    public string Name => "in_flight";

    public bool IsAligned => false;

    public bool IsNumbered => false;

    public bool CanReset => false;

    public string? Check(Window window) => null;

    public long DeadlineMs(Window window, long startMs) => startMs + window.ShortestMs + 1;

    public long RecordEndMs(Window window, long startMs) =>
        DeadlineMs(window, startMs) + (2 * ClockBounds.EpsilonMs);

    public long FirstCountedMs(Window window, long startMs) => startMs - (RecordEndMs(window, startMs) - startMs);

    // Calls that end at once make room for any number of others.
    public long MostIn(Window window, long spanMs) => int.MaxValue;

    // Slots become free when calls end, at no known time.
    public long ResetAtMs(CounterPermit part) => 0;

    public int EdgeMs(int marginMs) => 0;

    public SpendOutcome CheckSpend(CounterPermit part, long nowMs, int marginMs, out long startMs)
    {
        startMs = long.MinValue;
        return SlidingTimes.CheckSpend(part, nowMs + GuardMs);
    }

    public Int128 Counted(Window window, in Reservation record, long nowMs) =>
        record.Entries?.From(nowMs - (2 * ClockBounds.EpsilonMs)).Total ?? record.Reserved;

    public SlidingEntries? Decode(ReadOnlySpan<byte> bytes) => SlidingEntries.FromBytes(bytes);

    public string Explain(CounterKey key, Amount cost, Amount max, Amount remaining, long resetAtMs) =>
        $"{max} of {max} calls are in flight to the server; there is room when one of them completes.";

    public ICounter NewCounter(CounterKey key, CounterRules rules) => new InFlightCounter(key, rules);
}
