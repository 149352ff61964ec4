using System.Collections.Concurrent;
using Gateway.Control.Telemetry;

namespace Gateway.Proxy.Telemetry;

/// <summary>The metric series of one server's messages, found with one lookup.</summary>
internal sealed class ServerSeries(string server)
{
    private readonly ConcurrentDictionary<string, OutcomeSeries> _methods = new(StringComparer.Ordinal);
    private MetricSeries? _open;

    /// <summary>The label that all of them have.</summary>
    public KeyValuePair<string, object?> Server { get; } = new("server", server);

    /// <summary>The slot for the series of open messages.</summary>
    public ref MetricSeries? Open => ref _open;

    /// <summary>The series of calls by tool.</summary>
    public ToolLabels Tools { get; } = new();

    /// <summary>Returns the series of a method, whose name is bounded.</summary>
    public OutcomeSeries Method(string method) =>
        _methods.GetOrAdd(method, static name => new OutcomeSeries(name));
}
