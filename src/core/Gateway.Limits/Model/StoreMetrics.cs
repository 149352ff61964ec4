using System.Diagnostics.Metrics;

namespace Gateway.Limits.Model;

/// <summary>Counts what the owners of a process ask of their store, and times the answers; from any thread.</summary>
/// <param name="time">Measures.</param>
public sealed class StoreMetrics(TimeProvider time)
{
    /// <summary>The meter of the times, for hosts that collect it.</summary>
    public const string MeterName = "Gateway.Limits";

    // An engine is open before its host has a factory of meters, so this one is the process's.
    private static readonly Histogram<double> Duration = new Meter(MeterName).CreateHistogram(
        "gateway.limits.store.duration", "s", "From a question to the store of reservations to its answer.", null,
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

    /// <summary>All so far.</summary>
    public LimiterStatistics Statistics => new(
        Volatile.Read(ref _counters),
        Volatile.Read(ref _reads),
        Volatile.Read(ref _writes),
        Volatile.Read(ref _conflicts),
        Volatile.Read(ref _unknown),
        Volatile.Read(ref _readsFailed),
        Volatile.Read(ref _countersMax),
        Volatile.Read(ref _countersRefused));

    /// <summary>There may be so many owners of counters.</summary>
    public void Bound(int countersMax) => Volatile.Write(ref _countersMax, countersMax);

    /// <summary>A new counter was refused, as there were as many as may be.</summary>
    public void Refuse() => Interlocked.Increment(ref _countersRefused);

    /// <summary>A question is asked now; what this returns goes with its answer.</summary>
    public long Start() => time.GetTimestamp();

    /// <summary>An owner of a counter came into being.</summary>
    public void Open() => Interlocked.Increment(ref _counters);

    /// <summary>An owner of a counter is gone.</summary>
    public void Close() => Interlocked.Decrement(ref _counters);

    /// <summary>A read was answered, or was not.</summary>
    public void Count(ReadOutcome outcome, long askedAt)
    {
        Interlocked.Increment(ref _reads);
        if (outcome == ReadOutcome.Unavailable) Interlocked.Increment(ref _readsFailed);
        Time(askedAt, "read");
    }

    /// <summary>A write was answered, or was not.</summary>
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
