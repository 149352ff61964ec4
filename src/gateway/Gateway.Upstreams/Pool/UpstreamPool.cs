using System.Collections.Concurrent;
using Gateway.Control.Options;
using Gateway.Control.Snapshots;
using Gateway.Upstreams.Connections;
using Gateway.Upstreams.Http;
using Gateway.Upstreams.Stdio;
using Microsoft.Extensions.Logging;

namespace Gateway.Upstreams.Pool;

/// <summary>
/// Owns the connections to the servers, and their programs; a server whose registration did not change keeps its own
/// over a reload.
/// </summary>
public sealed class UpstreamPool(
    StdioUpstreams programs, CredentialMetrics credentials, ConnectionMetrics connections, GatewayOptions options,
    TimeProvider time, ILogger<HttpUpstream> logger)
    : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ServerModel, Lazy<IUpstream>> _upstreams = new();

    public IUpstream Get(ServerModel server) =>
        _upstreams.TryGetValue(server, out var known) ? known.Value : Add(server).Value;

    /// <summary>What became of a server's programs; null where none was needed yet, or it is none.</summary>
    public StdioStatus? StatusOf(ServerModel server) =>
        _upstreams.TryGetValue(server, out var known) && known.IsValueCreated
            ? (known.Value as StdioUpstream)?.Status
            : null;

    /// <summary>Why there is no access token for a server; null where there is one, or none was needed yet.</summary>
    public string? CredentialErrorOf(ServerModel server) =>
        _upstreams.TryGetValue(server, out var known) && known.IsValueCreated
            ? (known.Value as HttpUpstream)?.CredentialError
            : null;

    public async ValueTask DisposeAsync()
    {
        foreach (var upstream in _upstreams.Values)
            await upstream.Value.DisposeAsync();
    }

    private Lazy<IUpstream> Add(ServerModel server)
    {
        var added = _upstreams.GetOrAdd(server, s => new Lazy<IUpstream>(() => Create(s)));
        foreach (var (other, upstream) in _upstreams)
        {
            // Programs of a registration that is no longer in force must not stay until they are idle.
            var isReplaced = other.Command is not null && other.Name == server.Name && !other.Equals(server);
            if (isReplaced && _upstreams.TryRemove(KeyValuePair.Create(other, upstream)))
                _ = upstream.Value.DisposeAsync().AsTask();
        }

        return added;
    }

    private IUpstream Create(ServerModel server) => server.Command is { } command
        ? programs.Create(server.Name, command)
        : new HttpUpstream(
            new HttpUpstreamOptions
            {
                ServerName = server.Name,
                Url = server.Url!,
                Headers = server.Headers,
                OAuth = server.OAuth,
                ConnectionsMax = options.ServerConnectionsMax,
                ConnectionsPerCallerMax = options.ServerConnectionsPerGrantMax,
            },
            time, credentials, connections, logger);
}
