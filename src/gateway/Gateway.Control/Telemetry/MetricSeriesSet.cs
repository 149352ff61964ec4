using System.Diagnostics.Metrics;

namespace Gateway.Control.Telemetry;

/// <summary>
/// Every series of one metric, for an observable instrument. An instrument that is told of each change looks its series
/// up by all labels each time; here whoever counts keeps the series.
/// </summary>
public sealed class MetricSeriesSet
{
    /// <summary>How many have labels of their own: as many as OpenTelemetry keeps of an instrument.</summary>
    public const int SeriesMax = 2000;

    // What OpenTelemetry calls the rest. It would sum them up by itself for an instrument that is told of each change,
    // and keep the last one's value only for an observable one.
    private static readonly KeyValuePair<string, object?>[] RestLabels = [new("otel.metric.overflow", true)];

    private readonly Lock _gate = new();
    private readonly List<(MetricSeries Series, KeyValuePair<string, object?>[] Labels)> _all = [];

    /// <summary>The series that is kept at <paramref name="place"/>; it is there from now on.</summary>
    /// <param name="place">Where the caller keeps it.</param>
    /// <param name="labels">Its labels, of the same names in the same order each time.</param>
    public MetricSeries At(ref MetricSeries? place, params ReadOnlySpan<KeyValuePair<string, object?>> labels) =>
        Volatile.Read(ref place) ?? Find(ref place, labels);

    /// <summary>All of them as of now, in the order in which they came.</summary>
    public Measurement<long>[] Read()
    {
        lock (_gate)
            return [.. _all.Select(static each => new Measurement<long>(each.Series.Value, each.Labels))];
    }

    private MetricSeries Find(ref MetricSeries? place, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        lock (_gate)
        {
            // Two places may be of the same labels; as measurements of one series the later would hide the earlier.
            foreach (var (series, known) in _all)
            {
                if (AreSame(known, labels))
                    return place = series;
            }

            if (_all.Count < SeriesMax)
                _all.Add((new MetricSeries(), labels.ToArray()));
            else if (_all.Count == SeriesMax)
                _all.Add((new MetricSeries(), RestLabels));
            // Beyond the bound the last one stands for the rest.
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
