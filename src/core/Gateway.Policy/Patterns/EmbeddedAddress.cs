using System.Net;
using System.Net.Sockets;

namespace Gateway.Policy.Patterns;

/// <summary>
/// IPv6 addresses that carry an IPv4 address. Some programs and networks deliver them to that IPv4 address.
/// </summary>
internal static class EmbeddedAddress
{
    private static readonly IPNetwork[] Carriers =
    [
        // IPv4-compatible (RFC 4291 section 2.5.5.1) and IPv4-translated (RFC 2765).
        IPNetwork.Parse("::/96"), IPNetwork.Parse("::ffff:0:0:0/96"),
        // NAT64 (RFC 6052, RFC 8215), Teredo (RFC 4380) and 6to4 (RFC 3056).
        IPNetwork.Parse("64:ff9b::/96"), IPNetwork.Parse("64:ff9b:1::/48"),
        IPNetwork.Parse("2001::/32"), IPNetwork.Parse("2002::/16"),
    ];

    /// <summary>
    /// Returns true if an address carries an IPv4 address in a form other than the notation that
    /// <see cref="IPAddress.MapToIPv4"/> converts.
    /// </summary>
    public static bool Is(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6
        && !address.IsIPv4MappedToIPv6 && !address.Equals(IPAddress.IPv6Any) && !address.Equals(IPAddress.IPv6Loopback)
        && (IsIsatap(address) || Array.Exists(Carriers, network => network.Contains(address)));

    // The interface identifier of ISATAP (RFC 5214 section 6.1), under any prefix.
    private static bool IsIsatap(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out _) && bytes[8] is 0 or 2 && bytes[9] == 0 && bytes[10] == 0x5E
            && bytes[11] == 0xFE;
    }
}
