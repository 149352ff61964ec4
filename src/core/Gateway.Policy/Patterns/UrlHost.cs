using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Policy.Patterns;

/// <summary>Normalizes the host of a URL: lowercase, punycode, no trailing dot.</summary>
internal static class UrlHost
{
    private static readonly IdnMapping Idn = new() { AllowUnassigned = false };

    /// <summary>
    /// Returns the host; null if there is none, or if programs could read it differently: user information, a
    /// backslash, a control character, a space, an escape, an unusual form of address, an IPv6 address that carries an
    /// IPv4 address.
    /// </summary>
    public static string? OfUrl(string url)
    {
        foreach (var c in url)
        {
            if (c is '\\' or ' ' || char.IsControl(c))
                return null;
        }

        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        if (scheme <= 0 || !IsScheme(url.AsSpan(0, scheme)))
            return null;
        var rest = url.AsSpan(scheme + 3);
        var end = rest.IndexOfAny('/', '?', '#');
        var authority = end < 0 ? rest : rest[..end];
        if (authority.Contains('@'))
            return null;
        var portAt = authority.LastIndexOf(':');
        if (portAt >= 0 && authority[portAt..].IndexOf(']') < 0)
        {
            if (!IsPort(authority[(portAt + 1)..]))
                return null;
            authority = authority[..portAt];
        }

        return Normalise(authority.ToString());
    }

    /// <summary>Returns the normal form of a host; null if it has none.</summary>
    public static string? Normalise(string host)
    {
        if (host.StartsWith('['))
            return Address(host);
        var lower = host.ToLowerInvariant();
        foreach (var c in lower)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_') && !IdnLetters.IsPlain(c))
                return null;
        }

        lower = lower.EndsWith('.') ? lower[..^1] : lower;
        if (ToAscii(lower) is not { } ascii)
            return null;
        var last = ascii[(ascii.LastIndexOf('.') + 1)..];

        // A last label of digits makes it an address, and some programs take "0x7f.1" or "017700000001" for addresses.
        var isNumeric = char.IsAsciiDigit(last[0]) && last.All(static c => char.IsAsciiHexDigit(c) || c == 'x');
        if (!isNumeric)
            return ascii;
        return IPAddress.TryParse(ascii, out var address) && address.ToString() == ascii ? ascii : null;
    }

    private static string? ToAscii(string host)
    {
        if (host.Length is 0 or > 253 || host.Split('.').Any(static label => label.Length is 0 or > 63))
            return null;
        try
        {
            return Idn.GetAscii(host);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // An IPv4-mapped address reaches the IPv4 host. The target of other addresses that carry one depends on the
    // network.
    private static string? Address(string host)
    {
        if (!host.EndsWith(']') || host.Contains('%', StringComparison.Ordinal)
            || !IPAddress.TryParse(host.AsSpan(1, host.Length - 2), out var address)
            || address.AddressFamily != AddressFamily.InterNetworkV6 || EmbeddedAddress.Is(address))
        {
            return null;
        }

        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4().ToString() : $"[{address}]";
    }

    private static bool IsScheme(ReadOnlySpan<char> scheme)
    {
        foreach (var c in scheme)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '-' or '.'))
                return false;
        }

        return char.IsAsciiLetter(scheme[0]);
    }

    private static bool IsPort(ReadOnlySpan<char> port) =>
        port.IsEmpty || ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
