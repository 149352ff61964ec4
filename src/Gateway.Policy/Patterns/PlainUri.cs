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
        uri = uri.Replace('\\', '/');

        // The parts are told apart as written: an escaped '?' or '/' ends neither path nor host.
        var scheme = uri.IndexOf("://", StringComparison.Ordinal);
        var afterScheme = scheme < 0 ? uri.IndexOf(':', StringComparison.Ordinal) + 1 : scheme + 3;
        var path = scheme < 0 ? afterScheme : EndOf(uri, afterScheme, '/');
        var query = EndOf(uri, path, '?');
        return string.Concat(
            Decode(uri[..path]).ToLowerInvariant(),
            ResolveDots(Decode(uri[path..query]).Replace('\\', '/')),
            Decode(uri[query..]));
    }

    private static int EndOf(string uri, int from, char separator)
    {
        var found = uri.AsSpan(from).IndexOfAny(separator, '?', '#');
        return found < 0 ? uri.Length : from + found;
    }

    private static bool NeedsWork(string uri)
    {
        if (uri.AsSpan().ContainsAny('%', '\\') || uri.Contains("/.", StringComparison.Ordinal))
            return true;
        var authority = uri.IndexOf("://", StringComparison.Ordinal);
        var end = uri.IndexOf('/', authority < 0 ? 0 : authority + 3);
        return uri.AsSpan(0, end < 0 ? uri.Length : end).ContainsAnyInRange('A', 'Z');
    }

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

    private static string ResolveDots(string path)
    {
        if (!path.Contains("/.", StringComparison.Ordinal))
            return path;
        var kept = new List<string>();
        var segments = path.Split('/');
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

        return string.Join('/', kept);
    }
}
