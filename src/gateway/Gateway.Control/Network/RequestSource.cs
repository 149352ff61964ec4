using System.Net;
using Microsoft.AspNetCore.Http;

namespace Gateway.Control.Network;

/// <summary>The addresses that a request comes from.</summary>
/// <param name="Client">
/// The address that connected or, behind trusted proxies, the rightmost hop that is not one of them; null in a process
/// without a network.
/// </param>
/// <param name="Proxy">The trusted proxy that connected; null if the client itself connected.</param>
/// <param name="IsPeerTls">True if the connection itself uses TLS, whatever a proxy reports of its own.</param>
public sealed record RequestSource(IPAddress? Client, IPAddress? Proxy, bool IsPeerTls)
{
    /// <summary>The address that connected.</summary>
    public IPAddress Peer => Proxy ?? Client ?? IPAddress.None;

    /// <summary>True if the client and every known hop are on this machine.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(Client ?? IPAddress.None) && IPAddress.IsLoopback(Peer);

    /// <summary>Returns the addresses of a request.</summary>
    public static RequestSource Of(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return http.Features.Get<RequestSource>()
            ?? new RequestSource(http.Connection.RemoteIpAddress, Proxy: null, http.Request.IsHttps);
    }

    /// <summary>
    /// Returns the unit by which limits count: an IPv4 address, or the /64 of an IPv6 address, because a host that has
    /// one address there has 2^64.
    /// </summary>
    public static string Network(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4().ToString();
        var bytes = address.GetAddressBytes();
        if (bytes.Length == 16)
            bytes.AsSpan(8).Clear();
        return new IPAddress(bytes).ToString();
    }

    /// <summary>The client's address as records show it.</summary>
    public override string ToString() => Client?.ToString() ?? "local";
}
