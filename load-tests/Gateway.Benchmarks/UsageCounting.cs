using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Gateway.Control.Usage.Counting;

namespace Gateway.Benchmarks;

/// <summary>The cost of counting a call over time, compared with the one metric that has the same labels.</summary>
public class UsageCounting : IDisposable
{
    private readonly UsageCounts _counts = new(new UsageOptions());
    private readonly Meter _meter = new("benchmark");
    private readonly MeterListener _listener = new();
    private readonly Counter<long> _decisions;
    private long _heard;

    public UsageCounting()
    {
        _decisions = _meter.CreateCounter<long>("decisions");
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) => _heard += value + tags.Length);
        _listener.EnableMeasurementEvents(_decisions);
    }

    /// <summary>Adds to the metric with a listener that stores nothing, which is the least cost of a metric.</summary>
    [Benchmark(Baseline = true)]
    public void Metric() => _decisions.Add(
        1, new("server", "crm"), new("tool", "refund"), new KeyValuePair<string, object?>("outcome", "allowed"));

    [Benchmark]
    public void Usage() => _counts.Count("support-bot", "crm", "refund", null, 1_800_000_000_000);

    public void Dispose()
    {
        _listener.Dispose();
        _meter.Dispose();
        GC.SuppressFinalize(this);
    }
}
