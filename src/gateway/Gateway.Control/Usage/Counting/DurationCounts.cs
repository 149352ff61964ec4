using System.Numerics;

namespace Gateway.Control.Usage.Counting;

/// <summary>
/// Results of calls, counted by their duration in buckets that are at most an eighth wide, so that percentiles have an
/// error of at most 6.25 %. The buckets are fixed, so counts of different frontends and times can be added.
/// </summary>
public sealed class DurationCounts
{
    // Milliseconds below this have a bucket each; from there on, each power of two has 2^StepBits buckets.
    private const int ExactMax = 16;
    private const int StepBits = 3;
    private const int ExactBits = 4;

    /// <summary>The number of buckets; the last one also has everything above 70 minutes.</summary>
    public const int Buckets = ExactMax + ((22 - ExactBits) << StepBits);

    private readonly int[] _counts = new int[Buckets];
    private int _errors;

    /// <summary>The number of failed calls.</summary>
    public long Errors => Volatile.Read(ref _errors);

    /// <summary>The number of results.</summary>
    public long Count
    {
        get
        {
            long sum = 0;
            for (var bucket = 0; bucket < Buckets; bucket++)
                sum += Volatile.Read(ref _counts[bucket]);
            return sum;
        }
    }

    /// <summary>Counts a result.</summary>
    public void Add(long durationMs, bool isError)
    {
        Interlocked.Increment(ref _counts[BucketOf(durationMs)]);
        if (isError)
            Interlocked.Increment(ref _errors);
    }

    /// <summary>Adds results of one bucket. Not for concurrent use.</summary>
    public void Add(int bucket, long count) => _counts[bucket] = Sum(_counts[bucket], count);

    /// <summary>Adds failed calls. Not for concurrent use.</summary>
    public void AddErrors(long count) => _errors = Sum(_errors, count);

    /// <summary>Adds other counts. Not for concurrent use.</summary>
    public void Add(DurationCounts other)
    {
        foreach (var (bucket, count) in other.NonZero())
            Add(bucket, count);
        AddErrors(other.Errors);
    }

    /// <summary>Returns the buckets that have results, with their counts.</summary>
    public IEnumerable<(int Bucket, int Count)> NonZero()
    {
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            if (Volatile.Read(ref _counts[bucket]) is > 0 and var count)
                yield return (bucket, count);
        }
    }

    /// <summary>
    /// Returns the duration in milliseconds that a share of the results does not exceed; null for none.
    /// </summary>
    public double? Percentile(double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(Count * share));
        long seen = 0;
        foreach (var (bucket, count) in NonZero())
        {
            seen += count;
            if (seen >= rank)
                return MiddleOf(bucket);
        }

        return null;
    }

    private static int Sum(int one, long other) => (int)Math.Min(int.MaxValue, one + other);

    private static int BucketOf(long ms)
    {
        if (ms < ExactMax)
            return (int)Math.Max(0, ms);
        var power = BitOperations.Log2((ulong)ms);
        var step = (int)(ms >> (power - StepBits)) & ((1 << StepBits) - 1);
        return Math.Min(Buckets - 1, ExactMax + ((power - ExactBits) << StepBits) + step);
    }

    private static double MiddleOf(int bucket)
    {
        if (bucket < ExactMax)
            return bucket;
        var above = bucket - ExactMax;
        var (power, step) = (ExactBits + (above >> StepBits), above & ((1 << StepBits) - 1));
        var width = 1L << (power - StepBits);
        return (width * ((1 << StepBits) + step)) + ((width - 1) / 2.0);
    }
}
