using System.Collections.Concurrent;
using Gateway.Mcp;
using Gateway.Proxy.Snapshots;

namespace Gateway.Proxy.Forwarding;

/// <summary>
/// Owns the connections to the servers; a server whose registration did not change keeps its own over a reload.
/// </summary>
internal sealed class UpstreamPool : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ServerModel, HttpUpstream> _upstreams = new();

    public HttpUpstream Get(ServerModel server) => _upstreams.GetOrAdd(server, static s =>
        new HttpUpstream(new HttpUpstreamOptions { Url = s.Url, Headers = s.Headers }));

    public async ValueTask DisposeAsync()
    {
        foreach (var upstream in _upstreams.Values)
            await upstream.DisposeAsync();
    }
}
