using System.Diagnostics.Metrics;

namespace Gateway.Control.Telemetry;

/// <summary>
/// Every series of one metric, for an observable instrument. A synchronous instrument looks its series up by all labels
/// at each change; here the caller keeps the series in a field, which is faster.
/// </summary>
public sealed class MetricSeriesSet
{
    /// <summary>
    /// The maximum number of series with labels of their own: as many as OpenTelemetry keeps of an instrument.
    /// </summary>
    public const int SeriesMax = 2000;

    // OpenTelemetry's name for the rest. For a synchronous instrument it would add up the rest by itself; for an
    // observable one it keeps only the last one's value.
    private static readonly KeyValuePair<string, object?>[] RestLabels = [new("otel.metric.overflow", true)];

    private readonly Lock _gate = new();
    private readonly List<(MetricSeries Series, KeyValuePair<string, object?>[] Labels)> _all = [];

    /// <summary>Returns the series that is kept at <paramref name="place"/>, creating it if necessary.</summary>
    /// <param name="place">The caller's field for the series.</param>
    /// <param name="labels">The labels: always the same names in the same order.</param>
    public MetricSeries At(ref MetricSeries? place, params ReadOnlySpan<KeyValuePair<string, object?>> labels) =>
        Volatile.Read(ref place) ?? Find(ref place, labels);

    /// <summary>Returns all series as of now, in the order in which they were added.</summary>
    public Measurement<long>[] Read()
    {
        lock (_gate)
            return [.. _all.Select(static each => new Measurement<long>(each.Series.Value, each.Labels))];
    }

    private MetricSeries Find(ref MetricSeries? place, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        lock (_gate)
        {
            // Two places may have the same labels; as measurements of one series the later would hide the earlier.
            foreach (var (series, known) in _all)
            {
                if (AreSame(known, labels))
                    return place = series;
            }

            if (_all.Count < SeriesMax)
                _all.Add((new MetricSeries(), labels.ToArray()));
            else if (_all.Count == SeriesMax)
                _all.Add((new MetricSeries(), RestLabels));
            // Beyond the bound, the last series stands for the rest.
            return place = _all[^1].Series;
        }
    }

    private static bool AreSame(
        ReadOnlySpan<KeyValuePair<string, object?>> known, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        if (known.Length != labels.Length)
            return false;
        for (var i = 0; i < known.Length; i++)
        {
            if (!Equals(known[i].Value, labels[i].Value))
                return false;
        }

        return true;
    }
}

/// <summary>The value of one series of a metric: changed on the path of a call, read on collection.</summary>
public sealed class MetricSeries
{
    private long _value;

    /// <summary>The sum of all changes.</summary>
    public long Value => Interlocked.Read(ref _value);

    /// <summary>Changes the value.</summary>
    public void Add(long change) => Interlocked.Add(ref _value, change);
}
