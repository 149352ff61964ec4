using System.Numerics;

namespace Gateway.LoadTests.Measuring;

/// <summary>
/// A histogram of durations with buckets that grow with the value, so that every duration has a relative error below 1
/// %, in 60 KB. This is the idea of HDR histograms. It has one writer; add several histograms together at the end.
/// </summary>
internal sealed class LatencyHistogram
{
    // Each power of two is divided into this many buckets: 1/128 is the relative error.
    private const int SubBits = 7;
    private const int SubCount = 1 << SubBits;
    private readonly long[] _counts = new long[(64 - SubBits + 1) * SubCount];

    /// <summary>The number of recorded durations.</summary>
    public long Count { get; private set; }

    /// <summary>The largest duration, exactly, in nanoseconds; 0 if there is none.</summary>
    public long MaxNs { get; private set; }

    /// <summary>Adds one duration; a negative one counts as 0.</summary>
    public void Record(long ns)
    {
        ns = Math.Max(0, ns);
        _counts[IndexOf(ns)]++;
        Count++;
        MaxNs = Math.Max(MaxNs, ns);
    }

    /// <summary>Adds all durations of <paramref name="other"/>.</summary>
    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
        Count += other.Count;
        MaxNs = Math.Max(MaxNs, other.MaxNs);
    }

    /// <summary>
    /// Returns the duration in nanoseconds that this share of all did not exceed, never understated; 0 if there is
    /// none.
    /// </summary>
    /// <param name="share">From 0 to 1; 0.99 for the 99th percentile.</param>
    public long At(double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        long below = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            below += _counts[i];
            if (below >= rank)
                return Math.Min(UpperEndOf(i), MaxNs);
        }

        return 0;
    }

    private static int IndexOf(long ns)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)ns) - SubBits);
        return (shift * SubCount) + (int)(ns >> shift);
    }

    private static long UpperEndOf(int index)
    {
        var shift = Math.Max(0, (index / SubCount) - 1);
        var part = (ulong)(index - (shift * SubCount));
        return (long)(((part + 1) << shift) - 1);
    }
}
