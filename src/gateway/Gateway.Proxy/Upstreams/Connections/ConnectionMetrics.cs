using System.Diagnostics.Metrics;
using Gateway.Control.Telemetry;

namespace Gateway.Proxy.Upstreams.Connections;

/// <summary>The metrics of the connections to servers.</summary>
public sealed class ConnectionMetrics : IDisposable
{
    private readonly Meter _meter;

    /// <summary>Creates the instruments.</summary>
    public ConnectionMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(MeterNames.Servers);
        _meter.CreateObservableUpDownCounter(
            "gateway.upstream.connections", Open.Read,
            description: "Connections to a server that requests currently hold.");
        Refused = _meter.CreateCounter<long>(
            "gateway.upstream.refused",
            description: "Requests that got no connection in time and were not sent, by the bound that was reached.");
        Evicted = _meter.CreateCounter<long>(
            "gateway.upstream.let_go",
            description: "Abandoned calls that were ended because other calls needed the connection.");
        Sessions = _meter.CreateUpDownCounter<long>(
            "gateway.upstream.sse.sessions", description: "Open HTTP+SSE sessions with a server.");
        SessionEnds = _meter.CreateCounter<long>(
            "gateway.upstream.sse.ends", description: "HTTP+SSE sessions that ended, by reason.");
        Dropped = _meter.CreateCounter<long>(
            "gateway.upstream.sse.dropped",
            description: "Events of HTTP+SSE sessions that are not messages, or do not belong to a request.");
    }

    internal MetricSeriesSet Open { get; } = new();

    internal Counter<long> Refused { get; }

    internal Counter<long> Evicted { get; }

    internal UpDownCounter<long> Sessions { get; }

    internal Counter<long> SessionEnds { get; }

    internal Counter<long> Dropped { get; }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
