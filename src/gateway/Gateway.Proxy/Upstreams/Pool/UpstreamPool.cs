using System.Collections.Concurrent;
using Gateway.Control.Snapshots;

namespace Gateway.Proxy.Upstreams.Pool;

/// <summary>
/// The owner of the connections to the servers, and of their programs. A server keeps its upstream across configuration
/// changes that do not affect how it is reached. When that changes, or when the server is removed, its upstream is
/// dropped with its credentials.
/// </summary>
public sealed class UpstreamPool : IAsyncDisposable
{
    private readonly IUpstreamFactory[] _transports;
    private readonly SnapshotHolder _snapshots;
    private readonly ConcurrentDictionary<ServerModel, Lazy<IUpstream>> _upstreams = new(ServerReachComparer.Instance);

    /// <summary>Creates the pool without opening anything.</summary>
    /// <param name="transports">The transports; each server uses the first that serves it.</param>
    /// <param name="snapshots">The current servers.</param>
    public UpstreamPool(IEnumerable<IUpstreamFactory> transports, SnapshotHolder snapshots)
    {
        (_transports, _snapshots) = ([.. transports], snapshots);
        snapshots.Replaced += DropReplaced;
    }

    /// <summary>Returns the upstream of a registered server.</summary>
    /// <exception cref="InvalidOperationException">No transport serves it.</exception>
    public IUpstream Get(ServerModel server) =>
        _upstreams.TryGetValue(server, out var known) ? known.Value
            : _upstreams.GetOrAdd(server, s => new Lazy<IUpstream>(() => CreateApart(s))).Value;

    /// <summary>
    /// Creates an exclusive upstream of a server that need not be registered; the caller disposes it.
    /// </summary>
    /// <exception cref="InvalidOperationException">No transport serves it.</exception>
    public IUpstream CreateApart(ServerModel server) =>
        _transports.First(transport => transport.Serves(server)).Create(server);

    /// <summary>Returns the state of a server's upstream, or null if none was needed yet.</summary>
    public UpstreamStatus? StatusOf(ServerModel server) =>
        _upstreams.TryGetValue(server, out var known) && known.IsValueCreated ? known.Value.Status : null;

    /// <summary>Closes the connections and ends the programs.</summary>
    public async ValueTask DisposeAsync()
    {
        _snapshots.Replaced -= DropReplaced;
        foreach (var upstream in _upstreams.Values)
            await upstream.Value.DisposeAsync();
    }

    // A call that took its snapshot before the change may add a registration again; the next change drops it again.
    private void DropReplaced()
    {
        var servers = _snapshots.Current.Servers;
        foreach (var (server, upstream) in _upstreams)
        {
            var isInForce = servers.TryGetValue(server.Name, out var now)
                && ServerReachComparer.Instance.Equals(now, server);
            // Calls that still use the connections of the others finish normally.
            if (!isInForce && _upstreams.TryRemove(KeyValuePair.Create(server, upstream))
                && upstream.IsValueCreated && upstream.Value.EndsWithRegistration)
            {
                _ = upstream.Value.DisposeAsync().AsTask();
            }
        }
    }
}
