using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Gateway.Hosting.Telemetry;

/// <summary>Collects on demand and keeps the last collection as Prometheus text.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusReader : BaseExporter<Metric>, IPullMetricExporter
{
    private readonly Lock _lock = new();
    private byte[] _text = [];

    /// <inheritdoc/>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>Everything as of now; one collection at a time, so that scrapes do not mix.</summary>
    public byte[] Read()
    {
        lock (_lock)
        {
            // The SDK calls Export within Collect, on this thread.
            Collect?.Invoke(Timeout.Infinite);
            return _text;
        }
    }

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Metric> batch)
    {
        var text = new PrometheusText();
        text.WriteTarget(ParentProvider.GetResource());
        foreach (var metric in batch)
            text.Write(metric);
        _text = text.ToUtf8();
        return ExportResult.Success;
    }
}
