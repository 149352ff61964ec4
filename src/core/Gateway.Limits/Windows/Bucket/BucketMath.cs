using Gateway.Limits.Model;

namespace Gateway.Limits.Windows.Bucket;

/// <summary>
/// How a bucket refills: evenly, by its maximum in the length of its window, and it is full a length after it was last
/// touched. What is taken from it is counted in 10^-9 units; a fraction of one is rounded to its disadvantage.
/// </summary>
internal static class BucketMath
{
    /// <summary>What is still missing after this time of what was missing.</summary>
    public static Int128 Missing(Int128 missing, Amount max, Window window, long elapsedMs)
    {
        if (elapsedMs >= window.ShortestMs) return 0;
        if (elapsedMs <= 0) return missing;
        var refilled = (Int128)((UInt128)max.Nano * (UInt128)elapsedMs / (UInt128)window.ShortestMs);
        return Int128.Max(0, missing - refilled);
    }

    /// <summary>
    /// How much of what was taken, and came back unused after this time, the bucket may count as never taken: not what
    /// has been refilled since, as that may have run over or been given to others.
    /// </summary>
    public static Int128 Recovered(Int128 taken, Amount max, Window window, long elapsedMs)
    {
        if (elapsedMs >= window.ShortestMs) return 0;
        if (elapsedMs <= 0) return taken;
        var (refilled, rest) = UInt128.DivRem((UInt128)max.Nano * (UInt128)elapsedMs, (UInt128)window.ShortestMs);
        return Int128.Max(0, taken - (Int128)refilled - (rest == 0 ? 0 : 1));
    }

    /// <summary>How long it takes, in milliseconds, until so much is refilled; a window at most.</summary>
    public static long RefillMs(Int128 amount, Amount max, Window window)
    {
        if (amount <= 0) return 0;
        if (amount >= max.Nano) return window.ShortestMs;
        var (whole, rest) = UInt128.DivRem((UInt128)amount * (UInt128)window.ShortestMs, (UInt128)max.Nano);
        return (long)whole + (rest == 0 ? 0 : 1);
    }
}
