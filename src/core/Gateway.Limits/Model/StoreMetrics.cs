using System.Diagnostics.Metrics;

namespace Gateway.Limits.Model;

/// <summary>Counts the requests of a process's owners to their store and times the responses. Thread-safe.</summary>
/// <param name="time">The provider of timestamps.</param>
public sealed class StoreMetrics(TimeProvider time)
{
    /// <summary>The name of the meter, for hosts that collect it.</summary>
    public const string MeterName = "Gateway.Limits";

    // An engine opens before its host has a meter factory, so this meter belongs to the process.
    private static readonly Histogram<double> Duration = new Meter(MeterName).CreateHistogram(
        "gateway.limits.store.duration", "s", "Duration of requests to the reservation store.", null,
        new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries =
                [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
        });

    private int _counters;
    private int _countersMax;
    private long _countersRefused;
    private long _reads;
    private long _readsFailed;
    private long _writes;
    private long _conflicts;
    private long _unknown;

    /// <summary>The statistics so far.</summary>
    public LimiterStatistics Statistics => new(
        Volatile.Read(ref _counters),
        Volatile.Read(ref _reads),
        Volatile.Read(ref _writes),
        Volatile.Read(ref _conflicts),
        Volatile.Read(ref _unknown),
        Volatile.Read(ref _readsFailed),
        Volatile.Read(ref _countersMax),
        Volatile.Read(ref _countersRefused));

    /// <summary>Sets the maximum number of counters.</summary>
    public void Bound(int countersMax) => Volatile.Write(ref _countersMax, countersMax);

    /// <summary>Counts a new counter that was refused because the maximum was reached.</summary>
    public void Refuse() => Interlocked.Increment(ref _countersRefused);

    /// <summary>Starts the timing of a request; pass the result to <c>Count</c> with the outcome.</summary>
    public long Start() => time.GetTimestamp();

    /// <summary>Counts a new owner of a counter.</summary>
    public void Open() => Interlocked.Increment(ref _counters);

    /// <summary>Counts an owner of a counter that was removed.</summary>
    public void Close() => Interlocked.Decrement(ref _counters);

    /// <summary>Counts a read and its outcome.</summary>
    public void Count(ReadOutcome outcome, long askedAt)
    {
        Interlocked.Increment(ref _reads);
        if (outcome == ReadOutcome.Unavailable) Interlocked.Increment(ref _readsFailed);
        Time(askedAt, "read");
    }

    /// <summary>Counts a write and its outcome.</summary>
    public void Count(WriteOutcome outcome, long askedAt)
    {
        if (outcome == WriteOutcome.Ok) Interlocked.Increment(ref _writes);
        else if (outcome == WriteOutcome.Conflict) Interlocked.Increment(ref _conflicts);
        else if (outcome == WriteOutcome.Unknown) Interlocked.Increment(ref _unknown);
        Time(askedAt, "write");
    }

    private void Time(long askedAt, string operation) => Duration.Record(
        time.GetElapsedTime(askedAt).TotalSeconds, new KeyValuePair<string, object?>("operation", operation));
}
