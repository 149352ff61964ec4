using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Control.Network;

/// <summary>
/// An IP address as the host of a URI: four decimal numbers, or IPv6 with or without brackets (RFC 3986, 3.2.2).
/// </summary>
public static class AddressLiteral
{
    /// <summary>Reads an address; returns false for a name, and for an IPv4 address in any other form.</summary>
    public static bool TryParse(string host, [NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(host.Trim('[', ']'), out address)
        && (address.AddressFamily != AddressFamily.InterNetwork || address.ToString() == host);

    /// <summary>
    /// Returns true if the host is an IPv4 address in a form that only some programs read as one, such as
    /// <c>2130706433</c>, <c>0x7f.1</c> or <c>0177.0.0.1</c> for 127.0.0.1.
    /// </summary>
    public static bool IsObscured(string host) => IPAddress.TryParse(host, out _) && !TryParse(host, out _);
}
