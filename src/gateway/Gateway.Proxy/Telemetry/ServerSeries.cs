using System.Collections.Concurrent;
using Gateway.Control.Telemetry;

namespace Gateway.Proxy.Telemetry;

/// <summary>What is counted of the messages to one server, found by one look-up.</summary>
internal sealed class ServerSeries(string server)
{
    private readonly ConcurrentDictionary<string, OutcomeSeries> _methods = new(StringComparer.Ordinal);
    private MetricSeries? _open;

    /// <summary>The label that all of them have.</summary>
    public KeyValuePair<string, object?> Server { get; } = new("server", server);

    /// <summary>Where the series of the messages under way is kept.</summary>
    public ref MetricSeries? Open => ref _open;

    /// <summary>Calls by their tool.</summary>
    public ToolLabels Tools { get; } = new();

    /// <summary>Messages of a method, whose name is bounded.</summary>
    public OutcomeSeries Method(string method) =>
        _methods.GetOrAdd(method, static name => new OutcomeSeries(name));
}
