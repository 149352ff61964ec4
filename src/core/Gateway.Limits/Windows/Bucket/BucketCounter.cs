using Gateway.Limits.Counting;
using Gateway.Limits.Model;

namespace Gateway.Limits.Windows.Bucket;

/// <summary>
/// One owner of one bucket. Its record holds how much was missing from the full bucket, and when. It contains no
/// maximum, so the bucket refills by the maximum of each request.
/// </summary>
internal class BucketCounter(CounterKey key, CounterRules rules) : MomentaryCounter(key, rules)
{
    /// <inheritdoc/>
    /// <remarks>Returned numbers lose value with every moment that the record does not include them.</remarks>
    protected sealed override bool HandsBackAtOnce => true;

    /// <inheritdoc/>
    protected sealed override Int128 Present(long timeMs, Amount max)
    {
        if (!Store.IsPresent) return 0;
        var record = Store.Seen.Record;
        var missing = Refill(record.Reserved, max, timeMs - record.WindowStartMs);
        foreach (var (takenMs, taken) in Returned.All) missing -= Recovered(taken, max, timeMs - takenMs);
        return Int128.Max(0, missing);
    }

    /// <inheritdoc/>
    protected sealed override long PlaceMs(long timeMs) => timeMs;

    /// <inheritdoc/>
    protected sealed override long FirstCountedMs(long timeMs) => timeMs - Key.Window.ShortestMs;

    /// <inheritdoc/>
    protected override Reservation NextRecord(long timeMs, Int128 need, UInt128 nonce) =>
        new(timeMs, Present(timeMs, LastMax) + need, nonce);

    /// <inheritdoc/>
    protected sealed override long FreeAtMs(in CounterRequest ask, long timeMs)
    {
        var tooMuch = Present(timeMs, ask.Max) + ask.Cost.Nano - ask.Max.Nano;
        var freeAtMs = timeMs + BucketMath.RefillMs(tooMuch, ask.Max, Key.Window);
        return Store.IsPresent ? Math.Min(freeAtMs, WindowStartMs + Key.Window.ShortestMs) : freeAtMs;
    }

    /// <inheritdoc/>
    protected sealed override long LookMs(Int128 present, long nowMs) => TimeAt(nowMs);

    /// <summary>Returns how much is still missing after this time.</summary>
    protected virtual Int128 Refill(Int128 missing, Amount max, long elapsedMs) =>
        BucketMath.Missing(missing, max, Key.Window, elapsedMs);

    /// <summary>Returns how much comes back of an amount that was taken this long ago.</summary>
    protected virtual Int128 Recovered(Int128 taken, Amount max, long elapsedMs) =>
        BucketMath.Recovered(taken, max, Key.Window, elapsedMs);
}
