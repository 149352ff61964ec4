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
    TimeProvider time, MemoryBudget memory, HttpUpstreamCallers callers, ILogger<HttpUpstream> logger)
    : IUpstreamFactory
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
            // An HTTP+SSE session would outlive the token with which it began.
            Transport = server.IsPerCaller ? ServerTransport.Http : server.Transport,
            Proxy = server.Proxy,
            Tls = server.Tls,
            Headers = server.Headers,
            CallerHeaders = server.CallerHeaders,
            CallerToken = server.CallerToken,
            CallerAssertions = callers.Assertions,
            OAuth = server.IsPerCaller ? null : server.OAuth,
            Aws = server.Aws,
            CallerCredentials = server.IsPerCaller ? caller => callers.Credentials.Of(server, caller) : null,
            DetachedCredentials = [.. server.DetachedCredentials],
            Connector = connector,
        },
        time, credentials, connections, logger, memory);
}

/// <summary>The services for what requests contain about their callers.</summary>
/// <param name="Credentials">The callers' own credentials.</param>
/// <param name="Assertions">Signs tokens about callers.</param>
public sealed record HttpUpstreamCallers(ICallerCredentials Credentials, ICallerAssertions Assertions);
