using System.Net;
using System.Net.Sockets;

namespace Gateway.Upstreams.Credentials;

/// <summary>Which addresses may be asked for metadata and tokens.</summary>
internal static class Origin
{
    private static readonly IPNetwork[] Private =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("224.0.0.0/3"), IPNetwork.Parse("fc00::/7"),
        IPNetwork.Parse("::/127"),
    ];

    public static bool AreSame(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Port == other.Port
        && string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether an address is open to everybody; what is not is inside somebody's network.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetworkV6
            && (address.IsIPv6LinkLocal || address.IsIPv6Multicast || address.IsIPv6SiteLocal))
            return false;
        return !Array.Exists(Private, network => network.Contains(address));
    }
}
