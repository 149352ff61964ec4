using System.Diagnostics.Metrics;
using Gateway.Control.Telemetry;

namespace Gateway.Upstreams.Connections;

/// <summary>What the gateway says of its connections to servers.</summary>
public sealed class ConnectionMetrics : IDisposable
{
    private readonly Meter _meter;

    /// <summary>Makes the instruments.</summary>
    public ConnectionMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(MeterNames.Servers);
        _meter.CreateObservableUpDownCounter(
            "gateway.upstream.connections", Open.Read,
            description: "Connections to a server that requests hold now.");
        Refused = _meter.CreateCounter<long>(
            "gateway.upstream.refused",
            description: "Requests that found no connection in time, by whose bound was reached. None was sent.");
        Evicted = _meter.CreateCounter<long>(
            "gateway.upstream.let_go",
            description: "Calls that their client had abandoned and that were ended as others needed the connection.");
    }

    internal MetricSeriesSet Open { get; } = new();

    internal Counter<long> Refused { get; }

    internal Counter<long> Evicted { get; }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
