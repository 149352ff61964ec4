using Gateway.Control.Telemetry;

namespace Gateway.Proxy.Upstreams.Connections;

/// <summary>The counts of the events of one server's connections.</summary>
internal sealed class ServerConnectionMetrics(string server, ConnectionMetrics? metrics)
{
    private readonly KeyValuePair<string, object?> _server = new("server", server);
    private MetricSeries? _open;

    public void Opened() => metrics?.Open.At(ref _open, _server).Add(1);

    public void Closed() => _open?.Add(-1);

    /// <summary>
    /// Counts a request that got no place in time: its grant was at its maximum, or all places were taken.
    /// </summary>
    public void Refused(bool isCallers)
    {
        metrics?.Refused.Add(isCallers ? 1 : 0, _server, new("bound", "grant"));
        metrics?.Refused.Add(isCallers ? 0 : 1, _server, new("bound", "server"));
    }

    public void CountEvicted() => metrics?.Evicted.Add(1, _server);

    public void SessionOpened() => metrics?.Sessions.Add(1, _server);

    public void SessionEnded(string reason)
    {
        metrics?.Sessions.Add(-1, _server);
        metrics?.SessionEnds.Add(1, _server, new("reason", reason));
    }

    public void Dropped() => metrics?.Dropped.Add(1, _server);
}
