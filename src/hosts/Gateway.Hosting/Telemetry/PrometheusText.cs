using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Gateway.Hosting.Telemetry;

/// <summary>
/// Prometheus text exposition format 0.0.4. Names follow OpenTelemetry's rules for Prometheus: dots become underscores,
/// the unit is appended, counters end in <c>_total</c>.
/// </summary>
internal sealed class PrometheusText
{
    private readonly StringBuilder _text = new();
    private readonly HashSet<string> _families = new(StringComparer.Ordinal);

    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(_text.ToString());

    /// <summary>Which process this is: one sample, whose labels say so.</summary>
    public void WriteTarget(Resource resource)
    {
        _text.Append("# HELP target_info Target metadata\n# TYPE target_info gauge\ntarget_info");
        var open = '{';
        foreach (var attribute in resource.Attributes)
            Label(attribute.Key, attribute.Value, ref open);
        End(open, 1);
    }

    public void Write(Metric metric)
    {
        var kind = Kind(metric.MetricType);
        if (kind is null)
            return;
        var name = PrometheusName.Family(metric.Name, metric.Unit, kind);
        // A family may stand once; two meters that use one name would make the whole page unreadable.
        if (!_families.Add(name))
            return;
        if (metric.Description.Length > 0)
            _text.Append("# HELP ").Append(name).Append(' ').Append(EscapeHelp(metric.Description)).Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ').Append(kind).Append('\n');
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            if (kind == "histogram")
                WriteHistogram(name, point);
            else
                Sample(name, point.Tags, null, Value(metric.MetricType, point));
        }
    }

    private static string? Kind(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => "counter",
        MetricType.LongGauge or MetricType.DoubleGauge
            or MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic => "gauge",
        MetricType.Histogram => "histogram",
        _ => null,
    };

    private static double Value(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
        MetricType.LongGauge => point.GetGaugeLastValueLong(),
        _ => point.GetGaugeLastValueDouble(),
    };

    private void WriteHistogram(string name, in MetricPoint point)
    {
        long below = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            below += bucket.BucketCount;
            Sample(name + "_bucket", point.Tags, Number(bucket.ExplicitBound), below);
        }

        Sample(name + "_sum", point.Tags, null, point.GetHistogramSum());
        Sample(name + "_count", point.Tags, null, point.GetHistogramCount());
    }

    private void Sample(string name, in ReadOnlyTagCollection tags, string? bound, double value)
    {
        _text.Append(name);
        var open = '{';
        foreach (var tag in tags)
            Label(tag.Key, tag.Value, ref open);
        if (bound is not null)
            Label("le", bound, ref open);
        End(open, value);
    }

    private void Label(string name, object? value, ref char open)
    {
        _text.Append(open).Append(PrometheusName.Label(name)).Append("=\"")
            .Append(EscapeLabel(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")).Append('"');
        open = ',';
    }

    private void End(char open, double value) =>
        _text.Append(open == ',' ? "} " : " ").Append(Number(value)).Append('\n');

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    private static string EscapeHelp(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string EscapeLabel(string text) =>
        EscapeHelp(text).Replace("\"", "\\\"", StringComparison.Ordinal);
}
