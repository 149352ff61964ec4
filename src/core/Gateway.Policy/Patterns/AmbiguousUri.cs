using Gateway.Policy.Json;

namespace Gateway.Policy.Patterns;

/// <summary>
/// URIs that two readers take for two resources, so that no pattern can say which one is meant: a dot segment anywhere,
/// a backslash, a character that nobody sees, a host in a spelling of its own.
/// </summary>
/// <remarks>
/// Readers differ in what ends a path, in how often they decode, and in whether they resolve dots before or after that.
/// So segments end here at every character that ends one for somebody, and escapes are decoded as often as a server
/// and the library beneath it may.
/// </remarks>
internal static class AmbiguousUri
{
    private const int DecodingsMax = 2;

    // Wide and small forms of '/', '\' and '%', which Windows and what folds compatibility forms take for them.
    private const string FoldedSeparators = "\uFF0F\uFF3C\uFE68\uFF05\uFE6A";

    public static bool Is(string uri)
    {
        if (uri.Contains('\\', StringComparison.Ordinal) || UriEscapes.HasOverlong(uri) || HasStrangeHost(uri))
            return true;
        for (var decodings = 0; ; decodings++)
        {
            if (Unseen.IsIn(uri) || HasDotSegment(uri) || uri.AsSpan().ContainsAny(FoldedSeparators))
                return true;
            var decoded = decodings == DecodingsMax ? uri : UriEscapes.Decode(uri);
            if (ReferenceEquals(decoded, uri))
                return false;
            uri = decoded;
        }
    }

    private static bool HasDotSegment(string uri)
    {
        var (dots, isOther) = (0, false);
        foreach (var c in uri)
        {
            switch (c)
            {
                // Blanks around the dots are trimmed by some.
                case ' ':
                    break;
                case '.' or '\uFF0E' or '\uFE52' or '\u2024':
                    dots++;
                    break;
                case '\u2025':
                    dots += 2;
                    break;
                case '/' or '\\' or '?' or '#' or ':' or ';' or '=' or '&':
                    if (!isOther && dots is 1 or 2)
                        return true;
                    (dots, isOther) = (0, false);
                    break;
                default:
                    isOther = true;
                    break;
            }
        }

        return !isOther && dots is 1 or 2;
    }

    // Patterns compare the text: they know an IPv4 host by that notation alone.
    private static bool IsMapped(string written, string host) => written.StartsWith('[') && !host.StartsWith('[');

    /// <summary>
    /// Only where a resource is fetched from a host: elsewhere what stands in its place is a name like any other.
    /// </summary>
    public static bool HasStrangeHost(string uri)
    {
        if (!UriParts.IsFetchedOf(uri))
            return false;
        var parts = UriParts.Of(uri);
        return parts.Host.Length > 0 && !parts.Host.Contains('*', StringComparison.Ordinal)
            && (UrlHost.Normalise(parts.Host) is not { } host || IsMapped(parts.Host, host));
    }
}
