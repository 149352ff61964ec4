using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Control.Network;

/// <summary>Classifies addresses: public ones, and those of link-local networks and cloud metadata services.</summary>
public static class GlobalAddress
{
    private static readonly IPNetwork[] Special =
    [
        .. "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPNetwork.Parse),
        .. "192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 "
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPNetwork.Parse),
        .. "168.63.129.16/32 2001::/23 2001:db8::/32 3fff::/20".Split(' ').Select(IPNetwork.Parse),
    ];

    /// <summary>
    /// Cloud services that issue credentials to anyone who can reach them: 169.254.169.254 and its neighbors in most
    /// clouds, AWS over IPv6, Google over IPv6, Oracle Classic, Alibaba, Azure's host agent, Scaleway over IPv6.
    /// </summary>
    private static readonly IPNetwork[] LinkLocalAndMetadata =
    [
        .. "169.254.0.0/16 fe80::/10 fd00:ec2::/32 fd20:ce::254/128 192.0.0.192/32 100.100.100.200/32 ".Split(
            ' ', StringSplitOptions.RemoveEmptyEntries).Select(IPNetwork.Parse),
        .. "168.63.129.16/32 fd00:42::42/128".Split(' ').Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork Unicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork LocalNat64 = IPNetwork.Parse("64:ff9b:1::/48");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    /// <summary>IPv4-compatible (RFC 4291 section 2.5.5.1) and IPv4-translated addresses (RFC 2765).</summary>
    private static readonly IPNetwork[] OldForms = [IPNetwork.Parse("::/96"), IPNetwork.Parse("::ffff:0:0:0/96")];

    /// <summary>Positions of the IPv4 address in the forms of local NAT64 (RFC 6052 section 2.2).</summary>
    private static readonly int[][] LocalNat64Forms =
        [[6, 7, 9, 10], [7, 9, 10, 11], [9, 10, 11, 12], [12, 13, 14, 15]];

    /// <summary>Returns true for an address of the public Internet, also one that is embedded in IPv6.</summary>
    public static bool Is(IPAddress address)
    {
        var plain = Unwrap(address);
        return plain.AddressFamily == AddressFamily.InterNetworkV6
            ? plain.ScopeId == 0 && Unicast.Contains(plain) && !Special.Any(network => network.Contains(plain))
                && BinaryPrimitives.ReadUInt64BigEndian(plain.GetAddressBytes()) != 0
            // The prefix of local NAT64 leads into the own network, whatever it embeds; old forms lead nowhere.
            : !LocalNat64.Contains(address) && !Array.Exists(OldForms, network => network.Contains(address))
                && !Special.Any(network => network.Contains(plain));
    }

    /// <summary>Returns true for a link-local address or that of a cloud's metadata service.</summary>
    public static bool IsLinkLocalOrMetadata(IPAddress address)
    {
        var plain = Unwrap(address);
        if (LinkLocalAndMetadata.Any(network => network.Contains(plain)))
            return true;
        if (!LocalNat64.Contains(address))
            return false;
        // Only the operator of the network knows which form its translator reads, so all forms are checked.
        var bytes = address.GetAddressBytes();
        return LocalNat64Forms.Any(form =>
        {
            var embedded = new IPAddress([.. form.Select(at => bytes[at])]);
            return LinkLocalAndMetadata.Any(network => network.Contains(embedded));
        });
    }

    /// <summary>
    /// Returns the IPv4 address that an IPv6 address maps, embeds or tunnels to; returns any other address unchanged.
    /// </summary>
    internal static IPAddress Unwrap(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        var bytes = address.GetAddressBytes();
        if (address.Equals(IPAddress.IPv6Any) || IPAddress.IsLoopback(address))
            return address;
        return Nat64.Contains(address) || LocalNat64.Contains(address) || IsIsatap(bytes)
            || Array.Exists(OldForms, network => network.Contains(address)) ? new IPAddress(bytes.AsSpan(12))
            : SixToFour.Contains(address) ? new IPAddress(bytes.AsSpan(2, 4))
            : address;
    }

    /// <summary>
    /// Returns true if the interface identifier is ISATAP's (RFC 5214 section 6.1), outside of fe80::/10.
    /// </summary>
    private static bool IsIsatap(byte[] bytes) =>
        bytes[0] != 0xFE && bytes.AsSpan(8, 4) is [0 or 2, 0, 0x5E, 0xFE];
}
