using Gateway.Limits.Counting;
using Gateway.Limits.Model;

namespace Gateway.Limits.Windows.Sliding;

/// <summary>
/// One owner of one sliding counter. An admission counts until the window's length has passed over it.
/// </summary>
internal class SlidingWindowCounter(CounterKey key, CounterRules rules) : MomentaryCounter(key, rules)
{
    /// <inheritdoc/>
    protected sealed override Int128 Present(long timeMs, Amount max) => Entries(timeMs).Total;

    /// <inheritdoc/>
    protected sealed override long PlaceMs(long timeMs) => DeadlineMs(timeMs);

    /// <inheritdoc/>
    protected override long FirstCountedMs(long timeMs) => SlidingTimes.FirstCountedMs(Key.Window, timeMs);

    /// <summary>Returns the deadline under which numbers reserved now are counted.</summary>
    protected virtual long DeadlineMs(long timeMs) => SlidingTimes.DeadlineMs(Key.Window, timeMs);

    /// <inheritdoc/>
    protected override Reservation NextRecord(long timeMs, Int128 need, UInt128 nonce)
    {
        var entries = Entries(timeMs).With(DeadlineMs(timeMs), need);
        return new Reservation(timeMs, entries.Total, nonce) { Entries = entries };
    }

    /// <inheritdoc/>
    protected override long FreeAtMs(in CounterRequest ask, long timeMs) =>
        Entries(timeMs).DeadlineToPass(ask.Max.Nano - ask.Cost.Nano) is { } deadlineMs
            ? SlidingTimes.FreeAtMs(Key.Window, deadlineMs)
            : timeMs;

    /// <inheritdoc/>
    protected sealed override long LookMs(Int128 present, long nowMs) =>
        present == 0 ? nowMs - (Key.RecordEndMs(nowMs) - nowMs) : WindowStartMs;

    /// <inheritdoc/>
    /// <remarks>The record cannot lose its entries either.</remarks>
    protected override bool HasGoneBack(Reservation record, long nowMs) =>
        (record.Nonce != 0 && record.Entries is null) || base.HasGoneBack(record, nowMs);

    /// <summary>
    /// Returns the entries of the record that have not slid out, without the numbers that came back since.
    /// </summary>
    protected SlidingEntries Entries(long timeMs)
    {
        var first = FirstCountedMs(timeMs);
        var seen = ActiveState?.Entries ?? SlidingEntries.Empty;
        return seen.From(first).Without(Returned.From(first)) ?? seen.From(first);
    }
}
