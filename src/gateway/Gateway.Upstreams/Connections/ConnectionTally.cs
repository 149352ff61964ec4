namespace Gateway.Upstreams.Connections;

/// <summary>Counts what becomes of one server's connections.</summary>
internal sealed class ConnectionTally(string server, ConnectionMetrics? metrics)
{
    private readonly KeyValuePair<string, object?> _server = new("server", server);

    public void Opened() => metrics?.Open.Add(1, _server);

    public void Closed() => metrics?.Open.Add(-1, _server);

    /// <summary>A request found no place in time: its grant had as many as it may, or all were taken.</summary>
    public void Refused(bool isCallers)
    {
        metrics?.Refused.Add(isCallers ? 1 : 0, _server, new("bound", "grant"));
        metrics?.Refused.Add(isCallers ? 0 : 1, _server, new("bound", "server"));
    }

    public void CountEvicted() => metrics?.Evicted.Add(1, _server);
}
