namespace Gateway.Control.Telemetry;

/// <summary>The value of one series of a metric: changed on the path of a call, read on collection.</summary>
public sealed class MetricSeries
{
    private long _value;

    /// <summary>The sum of all changes.</summary>
    public long Value => Interlocked.Read(ref _value);

    /// <summary>Changes the value.</summary>
    public void Add(long change) => Interlocked.Add(ref _value, change);
}
