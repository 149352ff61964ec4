using System.Collections.Concurrent;
using Gateway.Control.Snapshots;

namespace Gateway.Upstreams.Pool;

/// <summary>
/// Owns the connections to the servers, and their programs; a server whose registration did not change keeps its own
/// over a reload.
/// </summary>
/// <param name="transports">Each server is reached through the first that serves it.</param>
public sealed class UpstreamPool(IEnumerable<IUpstreamFactory> transports) : IAsyncDisposable
{
    private readonly IUpstreamFactory[] _transports = [.. transports];
    private readonly ConcurrentDictionary<ServerModel, Lazy<IUpstream>> _upstreams = new();

    /// <summary>The upstream of a registered server.</summary>
    /// <exception cref="InvalidOperationException">No transport serves it.</exception>
    public IUpstream Get(ServerModel server) =>
        _upstreams.TryGetValue(server, out var known) ? known.Value : Add(server).Value;

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
        foreach (var upstream in _upstreams.Values)
            await upstream.Value.DisposeAsync();
    }

    private Lazy<IUpstream> Add(ServerModel server)
    {
        var added = _upstreams.GetOrAdd(server, s => new Lazy<IUpstream>(
            () => _transports.First(transport => transport.Serves(s)).Create(s)));
        foreach (var (other, upstream) in _upstreams)
        {
            var isReplaced = other.Name == server.Name && !other.Equals(server) && upstream.Value.EndsWithRegistration;
            if (isReplaced && _upstreams.TryRemove(KeyValuePair.Create(other, upstream)))
                _ = upstream.Value.DisposeAsync().AsTask();
        }

        return added;
    }
}
