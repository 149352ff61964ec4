using Gateway.Limits.Model;

namespace Gateway.Limits.Windows.Bucket;

/// <summary>
/// The refill of a bucket: evenly, by its maximum per window length; it is full one length after it was last used.
/// Missing amounts are in 10^-9 units; a fraction is rounded against the caller.
/// </summary>
internal static class BucketMath
{
    /// <summary>Returns how much of a missing amount is still missing after this time.</summary>
    public static Int128 Missing(Int128 missing, Amount max, Window window, long elapsedMs)
    {
        if (elapsedMs >= window.ShortestMs) return 0;
        if (elapsedMs <= 0) return missing;
        var refilled = (Int128)((UInt128)max.Nano * (UInt128)elapsedMs / (UInt128)window.ShortestMs);
        return Int128.Max(0, missing - refilled);
    }

    /// <summary>
    /// Returns how much of an amount that was taken, and came back unused after this time, the bucket may count as
    /// never taken. The amount refilled since is excluded, as it may have overflowed or been given to other calls.
    /// </summary>
    public static Int128 Recovered(Int128 taken, Amount max, Window window, long elapsedMs)
    {
        if (elapsedMs >= window.ShortestMs) return 0;
        if (elapsedMs <= 0) return taken;
        var (refilled, rest) = UInt128.DivRem((UInt128)max.Nano * (UInt128)elapsedMs, (UInt128)window.ShortestMs);
        return Int128.Max(0, taken - (Int128)refilled - (rest == 0 ? 0 : 1));
    }

    /// <summary>Returns how long it takes to refill this amount, in milliseconds; at most one window.</summary>
    public static long RefillMs(Int128 amount, Amount max, Window window)
    {
        if (amount <= 0) return 0;
        if (amount >= max.Nano) return window.ShortestMs;
        var (whole, rest) = UInt128.DivRem((UInt128)amount * (UInt128)window.ShortestMs, (UInt128)max.Nano);
        return (long)whole + (rest == 0 ? 0 : 1);
    }
}
