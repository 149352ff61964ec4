using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using Gateway.Control.Network;
using Microsoft.AspNetCore.Http;

namespace Gateway.Control.Snapshots;

/// <summary>
/// The rules by which <c>Host</c> and <c>Origin</c> are accepted: the defense against DNS rebinding and against any web
/// page on the machine. The address that was connected to and loopback are always accepted, because neither can be
/// reached through an attacker's name.
/// </summary>
public sealed class EdgeRules
{
    private readonly FrozenSet<string> _hosts;
    private readonly FrozenSet<string> _origins;

    /// <summary>Creates rules that accept these names, and those that belong to the public address.</summary>
    public EdgeRules(IEnumerable<string> hosts, IEnumerable<string> origins, Uri? publicUrl)
    {
        string[] publicHosts = publicUrl is null ? [] : [publicUrl.Host, publicUrl.Authority];
        string[] publicOrigins = publicUrl is null ? [] : [publicUrl.GetLeftPart(UriPartial.Authority)];
        _hosts = hosts.Concat(publicHosts).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _origins = origins.Concat(publicOrigins).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Returns these rules for another public address.</summary>
    public EdgeRules With(Uri publicUrl) =>
        new(_hosts, _origins, publicUrl) { TrustedProxies = TrustedProxies };

    /// <summary>The proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are trusted.</summary>
    public ImmutableArray<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Returns true if a request with that <c>Host</c> is accepted.</summary>
    public bool AllowsHost(HostString host, IPAddress? localAddress)
    {
        if (!host.HasValue)
            return false;
        if (IsLoopbackName(host.Host) || _hosts.Contains(host.Value) || _hosts.Contains(host.Host))
            return true;
        return AddressLiteral.TryParse(host.Host, out var literal) && localAddress is not null
            && Unmapped(literal).Equals(Unmapped(localAddress));
    }

    /// <summary>
    /// Returns the same for <c>/metrics</c>, where any IP address is accepted too, because pods are scraped by theirs:
    /// an address is not a name that an attacker can resolve.
    /// </summary>
    public bool AllowsScraping(HostString host, IPAddress? localAddress) =>
        AllowsHost(host, localAddress) || (host.HasValue && AddressLiteral.TryParse(host.Host, out _));

    /// <summary>Returns true if a page of that origin is accepted.</summary>
    public bool AllowsOrigin(string origin) =>
        _origins.Contains(origin)
        || (Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https"
            && uri.GetLeftPart(UriPartial.Authority).Equals(origin, StringComparison.OrdinalIgnoreCase)
            && IsLoopbackName(uri.Host));

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (AddressLiteral.TryParse(host, out var address) && IPAddress.IsLoopback(Unmapped(address)));

    private static IPAddress Unmapped(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
