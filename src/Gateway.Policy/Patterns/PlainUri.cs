using System.Text;

namespace Gateway.Policy.Patterns;

/// <summary>
/// The URI that a server may well understand another spelling to be: escapes decoded, scheme and host in lower case,
/// dot segments resolved, backslashes read as slashes. A rule on <c>file:///secret/*</c> is not passed by
/// <c>file:///%73ecret/a</c> or <c>file:///public/../secret/a</c>.
/// </summary>
internal static class PlainUri
{
    /// <summary>The same instance where nothing has to be rewritten.</summary>
    public static string Of(string uri)
    {
        if (!NeedsWork(uri))
            return uri;
        var decoded = Decode(uri).Replace('\\', '/');
        var authority = decoded.IndexOf("://", StringComparison.Ordinal);
        if (authority < 0)
            return ResolveDots(LowerUntil(decoded, Math.Max(0, decoded.IndexOf(':', StringComparison.Ordinal))), 0);
        var path = decoded.AsSpan(authority + 3).IndexOfAny('/', '?', '#');
        var pathAt = path < 0 ? decoded.Length : authority + 3 + path;
        return ResolveDots(LowerUntil(decoded, pathAt), pathAt);
    }

    private static bool NeedsWork(string uri)
    {
        if (uri.AsSpan().ContainsAny('%', '\\') || uri.Contains("/.", StringComparison.Ordinal))
            return true;
        var authority = uri.IndexOf("://", StringComparison.Ordinal);
        var end = uri.IndexOf('/', authority < 0 ? 0 : authority + 3);
        return uri.AsSpan(0, end < 0 ? uri.Length : end).ContainsAnyInRange('A', 'Z');
    }

    private static string LowerUntil(string uri, int end) =>
        string.Concat(uri.AsSpan(0, end).ToString().ToLowerInvariant(), uri.AsSpan(end));

    private static string Decode(string uri)
    {
        if (!uri.Contains('%', StringComparison.Ordinal))
            return uri;
        var bytes = Encoding.UTF8.GetBytes(uri);
        var length = 0;
        for (var at = 0; at < bytes.Length; at++)
        {
            var isEscape = bytes[at] == '%' && at + 2 < bytes.Length
                && char.IsAsciiHexDigit((char)bytes[at + 1]) && char.IsAsciiHexDigit((char)bytes[at + 2]);
            bytes[length++] = isEscape
                ? (byte)((Hex(bytes[at + 1]) << 4) | Hex(bytes[at + 2]))
                : bytes[at];
            at += isEscape ? 2 : 0;
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private static int Hex(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static string ResolveDots(string uri, int pathAt)
    {
        if (!uri.AsSpan(pathAt).Contains("/.", StringComparison.Ordinal))
            return uri;
        var end = uri.AsSpan(pathAt).IndexOfAny('?', '#');
        var pathEnd = end < 0 ? uri.Length : pathAt + end;
        var kept = new List<string>();
        var segments = uri[pathAt..pathEnd].Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            var isDot = segments[i] is "." or "..";
            if (segments[i] == ".." && kept.Count > 1)
                kept.RemoveAt(kept.Count - 1);
            if (!isDot)
                kept.Add(segments[i]);
            else if (i == segments.Length - 1)
                kept.Add("");
        }

        return string.Concat(uri.AsSpan(0, pathAt), string.Join('/', kept), uri.AsSpan(pathEnd));
    }
}
