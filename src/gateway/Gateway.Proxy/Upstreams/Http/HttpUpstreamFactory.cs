using Gateway.Control.Memory;
using Gateway.Control.Network;
using Gateway.Control.Snapshots;
using Gateway.Proxy.Upstreams.Connections;
using Gateway.Proxy.Upstreams.Credentials;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Upstreams.Http;

/// <summary>The factory of the upstreams of servers that have an address.</summary>
public sealed class HttpUpstreamFactory(
    CredentialMetrics credentials, ConnectionMetrics connections, OutboundConnector connector,
    TimeProvider time, MemoryBudget memory,
    ICallerAssertions assertions, ILogger<HttpUpstream> logger) : IUpstreamFactory
{
    /// <inheritdoc/>
    public bool Serves(ServerModel server) => server.Url is not null;

    /// <inheritdoc/>
    public IUpstream Create(ServerModel server) => new HttpUpstream(
        new HttpUpstreamOptions
        {
            ServerName = server.Name,
            Url = server.Url!,
            Replicas = server.Replicas,
            Transport = server.Transport,
            Proxy = server.Proxy,
            Tls = server.Tls,
            Headers = server.Headers,
            CallerHeaders = server.CallerHeaders,
            CallerToken = server.CallerToken,
            CallerAssertions = assertions,
            OAuth = server.OAuth,
            DetachedCredentials = [.. server.DetachedCredentials],
            Connector = connector,
        },
        time, credentials, connections, logger, memory);
}
