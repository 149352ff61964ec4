using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Gateway.Control.Network;

namespace Gateway.Control.ConfigFile;

/// <summary>A reader of the addresses and networks of <c>trustedProxies</c>.</summary>
internal static class TrustedProxyReader
{
    private const string Place = "/trustedProxies";
    private const int NetworksMax = 256;

    /// <param name="written">The values as they are written.</param>
    /// <param name="problem">Receives a JSON Pointer and the problem there.</param>
    /// <param name="expand">Replaces references at a pointer; returns null if that failed and was reported.</param>
    public static ImmutableArray<IPNetwork> Read(
        List<string> written, Action<string, string> problem, Func<string, string, string?> expand)
    {
        if (written.Count > NetworksMax)
            problem(Place, $"\"trustedProxies\" has {written.Count} entries; at most {NetworksMax} are allowed");
        var networks = ImmutableArray.CreateBuilder<IPNetwork>();
        for (var i = 0; i < written.Count; i++)
        {
            var pointer = string.Create(CultureInfo.InvariantCulture, $"{Place}/{i}");
            if (expand(pointer, written[i]) is not { } text)
                continue;
            if (Parse(text, out var network) is { } wrong)
                problem(pointer, wrong);
            else
                networks.Add(network);
        }

        return networks.DrainToImmutable();
    }

    /// <summary>Parses one value; returns the problem, or null if there is none.</summary>
    private static string? Parse(string text, out IPNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!AddressLiteral.TryParse(slash < 0 ? text : text[..slash], out var address) || address.ScopeId() != 0
            || text.AsSpan().ContainsAny('[', ']'))
        {
            return $"\"{text}\" is not an IP address or network; write one such as 10.0.0.7, 10.0.0.0/8 or "
                + "2001:db8::/32";
        }

        if (address.IsIPv4MappedToIPv6)
            return $"\"{text}\" is an IPv4 address in IPv6 form; write it as {address.MapToIPv4()}";
        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var prefix = bits;
        if (slash >= 0 && (!int.TryParse(
                text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out prefix) || prefix > bits))
        {
            return $"\"{text}\" has no valid prefix length; it is a number from 1 to {bits}";
        }

        if (prefix == 0)
            return $"\"{text}\" would let every client choose its own address; list only the addresses of proxies";
        var first = First(address, prefix);
        if (!first.Equals(address))
            return $"\"{text}\" has bits beyond its prefix; write {first}/{prefix}, or {address} for one address";
        network = new IPNetwork(address, prefix);
        return null;
    }

    private static IPAddress First(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = prefix; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new IPAddress(bytes);
    }

    private static long ScopeId(this IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? address.ScopeId : 0;
}
