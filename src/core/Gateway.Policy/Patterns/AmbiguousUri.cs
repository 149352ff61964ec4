using Gateway.Policy.Json;

namespace Gateway.Policy.Patterns;

/// <summary>
/// Detects URIs that two readers interpret as different resources, so that no pattern can identify the intended one: a
/// dot segment anywhere, a backslash, an invisible character, an unusual spelling of a host.
/// </summary>
/// <remarks>
/// Readers differ in where a path ends, in how often they decode, and in whether they resolve dots before or after
/// that. Segments therefore end here at every character that ends one for some reader, and escapes are decoded as often
/// as a server and its libraries might.
/// </remarks>
internal static class AmbiguousUri
{
    /// <summary>The maximum number of times that a server and its libraries might decode a URI.</summary>
    public const int DecodingsMax = 2;

    // Wide and small forms of '/', '\' and '%', for which Windows and compatibility folding substitute the ASCII
    // characters.
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
                // Some readers trim blanks around the dots.
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

    // Patterns compare the text, so they know an IPv4 host only by its own notation.
    private static bool IsMapped(string written, string host) => written.StartsWith('[') && !host.StartsWith('[');

    /// <summary>
    /// Returns true if a fetched resource has an unusual host. For other schemes the text in its place is an ordinary
    /// name.
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
