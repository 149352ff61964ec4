namespace Gateway.Policy.Tests.Oracle;

/// <summary>
/// How servers come from a URI to what they open, each in its own careless way. Each gives the place as a path that
/// begins with the scheme: <c>file/public/a</c>, <c>notes/public/a</c>.
/// </summary>
internal static class OracleResolvers
{
    public static readonly IReadOnlyList<(string Name, Func<string, string?> Resolve)> All =
    [
        ("RFC 3986: dots, then escapes", uri => Open(Scheme(uri), Unescape(RemoveDots(PathOf(uri, cut: true))))),
        ("RFC 3986 without a query", uri => Open(Scheme(uri), Unescape(RemoveDots(PathOf(uri, cut: false))))),
        ("escapes, then dots", uri => Open(Scheme(uri), RemoveDots(Unescape(PathOf(uri, cut: true))))),
        ("escapes twice", uri => Open(Scheme(uri), Unescape(Unescape(PathOf(uri, cut: true))))),
        ("the whole decoded first", uri => Open(Scheme(uri), PathOf(Unescape(uri), cut: true))),
        ("never decoded, never cut", uri => Open(Scheme(uri), PathOf(uri, cut: false))),
        ("the URL standard", UrlStandard),
        ("the URL standard, decoded", uri => UrlStandard(uri) is { } path ? Normal(Unescape(path)) : null),
        (".NET's Uri", FrameworkUri),
        ("Python: urlsplit, unquote, normpath", Python),
        ("Python: the path alone of a file", uri => uri.StartsWith("file:", StringComparison.Ordinal)
            ? Open("file", Unescape(Regex.Replace(
                PathOf(uri, cut: true), uri.StartsWith("file://", StringComparison.Ordinal) ? "^[^/]*" : "", "")))
            : null),
        ("Python: prefix cut off, unquote", uri => Open(Scheme(uri), Unescape(AfterPrefix(uri)))),
        ("Node: prefix cut off, path.join", uri => Open(Scheme(uri), AfterPrefix(uri))),
        ("Node: decodeURIComponent, backslashes", uri =>
            Open(Scheme(uri), Unescape(AfterPrefix(uri)).Replace('\\', '/'))),
        ("Windows: backslashes, blanks at the end", uri => Open(
            Scheme(uri), Regex.Replace(Unescape(PathOf(uri, cut: true)).Replace('\\', '/'), " +(/|$)", "$1"))),
        ("path parameters left out", uri => Open(
            Scheme(uri), Unescape(Regex.Replace(PathOf(uri, cut: true), ";[^/]*", "")))),
        ("what nobody sees left out", uri => Open(
            Scheme(uri), Regex.Replace(Unescape(PathOf(uri, cut: true)), "[\\p{Cc}\\p{Cf}]", ""))),
        ("C: ended by a zero", uri => Open(Scheme(uri), Unescape(PathOf(uri, cut: true)).Split('\0')[0])),
        ("compatibility forms folded", uri => Open(
            Scheme(uri), Unescape(PathOf(uri, cut: true)).Replace('．', '.').Replace('／', '/'))),
    ];

    private static string Scheme(string uri) => uri[..Math.Max(0, uri.IndexOf(':', StringComparison.Ordinal))];

    private static string AfterPrefix(string uri) => Regex.Replace(uri, "^[a-z]+:(//)?", "");

    private static string PathOf(string uri, bool cut)
    {
        var path = AfterPrefix(uri);
        var end = path.IndexOfAny(['?', '#']);
        return cut && end >= 0 ? path[..end] : path;
    }

    private static string? Python(string uri)
    {
        var cleaned = Regex.Replace(uri, "[\t\r\n]", "").TrimStart();
        return Open(Scheme(cleaned), Unescape(PathOf(cleaned, cut: true)));
    }

    private static string? UrlStandard(string uri)
    {
        var cleaned = Regex.Replace(uri.Trim([.. Enumerable.Range(0, 33).Select(c => (char)c)]), "[\t\r\n]", "");
        var isSpecial = Scheme(cleaned) is "file" or "http";
        var path = PathOf(cleaned, cut: true);
        if (isSpecial)
            path = path.Replace('\\', '/');
        if (Scheme(cleaned) == "memo")
            return Open("memo", path);
        return Open(Scheme(cleaned), Regex.Replace(path, "(?<=^|/)(\\.|%2e){1,2}(?=/|$)", m =>
            m.Value.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase), RegexOptions.IgnoreCase));
    }

    private static string? FrameworkUri(string uri) => Uri.TryCreate(uri, UriKind.Absolute, out var read)
        ? Open(read.Scheme, read.Scheme == "file" ? read.LocalPath : $"{read.Host}/{Unescape(read.AbsolutePath)}")
        : null;

    private static string RemoveDots(string path)
    {
        var kept = new List<string>();
        foreach (var segment in path.Split('/'))
        {
            if (segment == ".." && kept.Count > 0)
                kept.RemoveAt(kept.Count - 1);
            else if (segment is not ("." or ".."))
                kept.Add(segment);
        }

        return string.Join('/', kept);
    }

    private static string Unescape(string text)
    {
        var bytes = new List<byte>();
        for (var at = 0; at < text.Length; at++)
        {
            var match = Regex.Match(text[at..Math.Min(text.Length, at + 3)], "^%([0-9A-Fa-f]{2})");
            if (match.Success)
                bytes.Add(Convert.ToByte(match.Groups[1].Value, 16));
            else
                bytes.AddRange(Encoding.UTF8.GetBytes(text[at].ToString()));
            at += match.Success ? 2 : 0;
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    // What the operating system makes of the path in the end: runs of slashes are one, dots are followed.
    private static string? Open(string scheme, string path) => Normal($"{scheme}/{path}");

    private static string Normal(string path)
    {
        var kept = new List<string>();
        foreach (var segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (segment == ".." && kept.Count > 1)
                kept.RemoveAt(kept.Count - 1);
            else if (segment is not ("." or ".."))
                kept.Add(segment);
        }

        return string.Join('/', kept);
    }
}
