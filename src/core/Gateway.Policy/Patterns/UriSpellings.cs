namespace Gateway.Policy.Patterns;

/// <summary>Other spellings of a URI or pattern that a server may interpret as the same resource.</summary>
internal static class UriSpellings
{
    // An escaped separator may be a character of a name, and an escaped star is not a wildcard.
    private const string KeptEscapes = "/\\*";

    private const int RespellingsMax = 4;

    /// <summary>
    /// Returns the normal form in which an allowed URI and its pattern are compared a second time: escapes decoded,
    /// except those of separators; scheme, host and empty segments normalized.
    /// </summary>
    public static string Plain(string uri) => UriParts.Of(UriEscapes.Decode(uri, KeptEscapes)).ToString();

    /// <summary>Returns the URI without query and fragment, which many readers of files ignore.</summary>
    public static string WithoutQuery(string uri) => uri[..UriParts.EndOfPath(uri)];

    /// <summary>
    /// Returns the URI without the slashes after a custom scheme. A reader that joins the rest to a folder treats
    /// <c>memo://a</c>, <c>memo:/a</c> and <c>memo:a</c> alike.
    /// </summary>
    public static string Relative(string plain)
    {
        var parts = UriParts.Of(plain);
        if (parts.Scheme is "" or "file:" || parts.IsFetched)
            return plain;
        var path = parts is { HasAuthority: true, Path: "/" } ? "" : parts.Path;
        return $"{parts.Scheme}{$"{parts.Host}{parts.Port}{path}".TrimStart('/')}{parts.Rest}";
    }

    /// <summary>
    /// Returns all possible interpretations of a URI, itself included; a rule that denies applies to each. A query
    /// distinguishes resources that are fetched over HTTP; elsewhere it may be ignored.
    /// </summary>
    public static IReadOnlyList<string> All(string uri)
    {
        var spellings = new List<string> { uri };
        AddDecoded(spellings, uri);
        AddDecoded(spellings, uri[..EndOfIdentity(uri)]);
        return spellings;
    }

    private static void AddDecoded(List<string> spellings, string uri)
    {
        for (var decodings = 0; ; decodings++)
        {
            Add(spellings, uri);
            var plain = UriParts.Of(uri).ToString();
            Add(spellings, plain);
            AddEnded(spellings, plain[..EndOfIdentity(plain)]);
            var decoded = decodings == AmbiguousUri.DecodingsMax ? uri : UriEscapes.Decode(uri);
            if (ReferenceEquals(decoded, uri))
                return;
            uri = decoded;
        }
    }

    private static void AddEnded(List<string> spellings, string bare, int respellings = 0)
    {
        Add(spellings, bare);
        Add(spellings, bare.TrimEnd('/'));
        if (respellings == RespellingsMax)
            return;
        var relative = Relative(bare);
        if (relative != bare)
            AddEnded(spellings, relative, respellings + 1);
        var parts = UriParts.Of(bare);

        // Some readers take a file's host for the first folder, and others ignore it.
        if (parts is { Scheme: "file:", Host.Length: > 0 })
        {
            AddEnded(spellings, $"file:///{parts.Host}{parts.Path}", respellings + 1);
            AddEnded(spellings, $"file://{parts.Path}", respellings + 1);
        }

        if (!HasIgnored(parts.Path) && !HasIgnored(parts.Host))
            return;

        var path = string.Join('/', parts.Path.Split('/').Select(WithoutIgnored));
        var without = (parts with { Host = WithoutIgnored(parts.Host), Path = path }).ToString();
        if (without != bare)
            AddEnded(spellings, UriParts.Of(without).ToString(), respellings + 1);
    }

    private static bool HasIgnored(string part) => part.AsSpan().ContainsAny(';', ' ');

    // Some readers ignore parameters of a segment and blanks at its end.
    private static string WithoutIgnored(string segment) => segment.Split(';')[0].TrimEnd(' ');

    private static int EndOfIdentity(string uri)
    {
        if (!UriParts.Of(uri).IsFetched)
            return UriParts.EndOfPath(uri);
        var fragment = uri.IndexOf('#', StringComparison.Ordinal);
        return fragment < 0 ? uri.Length : fragment;
    }

    private static void Add(List<string> spellings, string uri)
    {
        if (!spellings.Contains(uri))
            spellings.Add(uri);
    }
}
