using System.Collections.Concurrent;
using Gateway.Control.Snapshots;

namespace Gateway.Proxy.Upstreams.Pool;

/// <summary>
/// Owns the connections to the servers, and their programs. A server keeps its own over a change of the configuration
/// that leaves it reached in the same way; one that is reached otherwise, or gone, is dropped with its credentials.
/// </summary>
public sealed class UpstreamPool : IAsyncDisposable
{
    private readonly IUpstreamFactory[] _transports;
    private readonly SnapshotHolder _snapshots;
    private readonly ConcurrentDictionary<ServerModel, Lazy<IUpstream>> _upstreams = new(ServerReachComparer.Instance);

    /// <summary>Opens nothing yet.</summary>
    /// <param name="transports">Each server is reached through the first that serves it.</param>
    /// <param name="snapshots">The servers in force.</param>
    public UpstreamPool(IEnumerable<IUpstreamFactory> transports, SnapshotHolder snapshots)
    {
        (_transports, _snapshots) = ([.. transports], snapshots);
        snapshots.Replaced += DropReplaced;
    }

    /// <summary>The upstream of a registered server.</summary>
    /// <exception cref="InvalidOperationException">No transport serves it.</exception>
    public IUpstream Get(ServerModel server) =>
        _upstreams.TryGetValue(server, out var known) ? known.Value
            : _upstreams.GetOrAdd(server, s => new Lazy<IUpstream>(() => CreateApart(s))).Value;

    /// <summary>An upstream that nobody else uses, of a server that need not be registered; its caller closes it.
    /// </summary>
    /// <exception cref="InvalidOperationException">No transport serves it.</exception>
    public IUpstream CreateApart(ServerModel server) =>
        _transports.First(transport => transport.Serves(server)).Create(server);

    /// <summary>What became of a server's upstream; null where none was needed yet.</summary>
    public UpstreamStatus? StatusOf(ServerModel server) =>
        _upstreams.TryGetValue(server, out var known) && known.IsValueCreated ? known.Value.Status : null;

    /// <summary>Closes the connections, and ends the programs.</summary>
    public async ValueTask DisposeAsync()
    {
        _snapshots.Replaced -= DropReplaced;
        foreach (var upstream in _upstreams.Values)
            await upstream.Value.DisposeAsync();
    }

    // A call that took its snapshot before the change may bring a registration back; the next change drops it again.
    private void DropReplaced()
    {
        var servers = _snapshots.Current.Servers;
        foreach (var (server, upstream) in _upstreams)
        {
            var isInForce = servers.TryGetValue(server.Name, out var now)
                && ServerReachComparer.Instance.Equals(now, server);
            // Calls that still use the connections of the others end as they would have.
            if (!isInForce && _upstreams.TryRemove(KeyValuePair.Create(server, upstream))
                && upstream.IsValueCreated && upstream.Value.EndsWithRegistration)
            {
                _ = upstream.Value.DisposeAsync().AsTask();
            }
        }
    }
}
