using System.Collections.Immutable;
using System.Net;
using Gateway.Control.Network;
using Gateway.Control.Snapshots;
using Gateway.Proxy.Edge.Issuers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>
/// The replacement of a connection's address and scheme with those that a trusted proxy sends in <c>X-Forwarded-For</c>
/// and <c>X-Forwarded-Proto</c>. The list of proxies may change while the gateway runs.
/// </summary>
internal sealed class ForwardedAddresses(SnapshotHolder snapshots, ILoggerFactory loggers)
{
    private Proxies _proxies = new([], null);

    public void Apply(HttpContext http)
    {
        var trusted = snapshots.Current.Edge.TrustedProxies;
        // With an empty list, the middleware would trust every proxy.
        if (trusted.IsEmpty || http.Connection.RemoteIpAddress is not { } peer || !Contains(trusted, peer))
            return;
        var (port, scheme, isTls) = (http.Connection.RemotePort, http.Request.Scheme, http.Request.IsHttps);
        http.Features.Set(new ProxyHeaders(snapshots.Current.Callers.KeyHeader));
        PresentedCertificate.MarkByProxy(http);
        Of(trusted).Middleware!.ApplyForwarders(http);
        var client = http.Connection.RemoteIpAddress;
        // The middleware stops at an address that it cannot parse, after consuming everything to the right of it. A
        // trusted address with entries left before it therefore means a malformed chain.
        var isMalformed = client is null || !http.Request.Scheme.StartsWith("http", StringComparison.OrdinalIgnoreCase)
            || (Contains(trusted, client)
                && http.Request.Headers.GetCommaSeparatedValues(ForwardedHeadersDefaults.XForwardedForHeaderName)
                    .Length > 0);
        if (isMalformed)
            (client, http.Connection.RemotePort, http.Request.Scheme) = (peer, port, scheme);
        http.Connection.RemoteIpAddress = client;
        if (!peer.Equals(client))
            http.Features.Set(new RequestSource(client, peer, isTls));
    }

    private static bool Contains(ImmutableArray<IPNetwork> networks, IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var network in networks)
        {
            if (network.Contains(plain))
                return true;
        }

        return false;
    }

    private Proxies Of(ImmutableArray<IPNetwork> trusted)
    {
        var known = _proxies;
        if (known.Trusted == trusted)
            return known;
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in trusted)
            options.KnownIPNetworks.Add(network);
        return _proxies = new Proxies(
            trusted, new ForwardedHeadersMiddleware(static _ => Task.CompletedTask, loggers, Options.Create(options)));
    }

    private sealed record Proxies(ImmutableArray<IPNetwork> Trusted, ForwardedHeadersMiddleware? Middleware);
}

/// <summary>The mark of a request that a trusted proxy sent, whose headers policies can read.</summary>
/// <param name="tokenHeader">The header that contains the gateway's own tokens.</param>
internal sealed class ProxyHeaders(string tokenHeader)
{
    /// <summary>
    /// Returns the headers that have one value, except the one with tokens; null if no trusted proxy sent the request.
    /// Nothing is read before they are enumerated.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, string>>? Of(HttpContext http) =>
        http.Features.Get<ProxyHeaders>()?.Read(http.Request.Headers);

    private IEnumerable<KeyValuePair<string, string>> Read(IHeaderDictionary headers) =>
        from header in headers
        where header.Value is [not null] && !header.Key.Equals(tokenHeader, StringComparison.OrdinalIgnoreCase)
        select KeyValuePair.Create(header.Key, header.Value[0]!);
}

/// <summary>The registration of the replacement of addresses.</summary>
public static class ForwardedAddressesServices
{
    /// <summary>Replaces the addresses before any other middleware reads them.</summary>
    public static void UseForwardedAddresses(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var forwarded = new ForwardedAddresses(
            app.Services.GetRequiredService<SnapshotHolder>(), app.Services.GetRequiredService<ILoggerFactory>());
        app.Use(next => http =>
        {
            forwarded.Apply(http);
            return next(http);
        });
    }
}
