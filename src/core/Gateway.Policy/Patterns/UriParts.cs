namespace Gateway.Policy.Patterns;

/// <summary>A URI in parts, as the most lenient reader divides it; scheme and host in lowercase.</summary>
/// <param name="Scheme">The scheme with its colon; empty if there is none.</param>
/// <param name="Host">The host without user information, default port and trailing dot.</param>
/// <param name="Port">The port with its colon; empty for the default port.</param>
/// <param name="HasAuthority">
/// True if there may be a host: <c>//</c> follows the scheme, or would after normalization.
/// </param>
/// <param name="Path">The path, up to the query or fragment.</param>
/// <param name="Rest">Query and fragment, with their separators.</param>
internal readonly record struct UriParts(
    string Scheme, string Host, string Port, bool HasAuthority, string Path, string Rest)
{
    /// <summary>True if the scheme is one whose readers treat <c>http:/host</c> and <c>http:\host</c> alike.</summary>
    public bool IsFetched => DefaultPort(Scheme) is not null;

    /// <summary>Returns the value of <see cref="IsFetched"/> for a URI without dividing it.</summary>
    public static bool IsFetchedOf(string uri) => DefaultPort(SchemeOf(uri)) is not null;

    public static UriParts Of(string uri)
    {
        var scheme = SchemeOf(uri);
        var rest = uri.AsSpan(scheme.Length);
        var end = EndOfPath(rest);
        var (hierarchy, tail) = (rest[..end].ToString().Replace('\\', '/'), rest[end..].ToString());
        if (scheme == "file:")
            return OfFile(hierarchy, tail);
        var isFetched = DefaultPort(scheme) is not null;
        if (!isFetched && !hierarchy.StartsWith("//", StringComparison.Ordinal))
            return new UriParts(scheme, "", "", HasAuthority: false, Collapse(hierarchy), tail);
        var afterSlashes = isFetched ? hierarchy.TrimStart('/') : hierarchy[2..];
        var slash = afterSlashes.IndexOf('/', StringComparison.Ordinal);
        var authority = slash < 0 ? afterSlashes : afterSlashes[..slash];
        var (host, port) = HostAndPort(authority, DefaultPort(scheme));

        // A host without a path has the root path. A pattern's '*' may match more than a host.
        var path = slash >= 0 ? Collapse(afterSlashes[slash..])
            : authority.Contains('*', StringComparison.Ordinal) ? "" : "/";
        return new UriParts(scheme, host, port, HasAuthority: true, path, tail);
    }

    public override string ToString() =>
        $"{Scheme}{(HasAuthority ? "//" : "")}{Host}{Port}{Path}{Rest}";

    /// <summary>Returns the start of the query or fragment, or the end.</summary>
    public static int EndOfPath(ReadOnlySpan<char> uri)
    {
        var end = uri.IndexOfAny('?', '#');
        return end < 0 ? uri.Length : end;
    }

    // file:x, file:/x, file:///x, file:////x and file://localhost/x are the same file.
    private static UriParts OfFile(string hierarchy, string tail)
    {
        var host = "";
        if (hierarchy.StartsWith("//", StringComparison.Ordinal))
        {
            var slash = hierarchy.IndexOf('/', 2);
            host = (slash < 0 ? hierarchy[2..] : hierarchy[2..slash]).ToLowerInvariant();
            hierarchy = slash < 0 ? "/" : hierarchy[slash..];
        }

        host = host == "localhost" ? "" : host;
        return new UriParts("file:", host, "", HasAuthority: true, Collapse("/" + hierarchy), tail);
    }

    private static (string Host, string Port) HostAndPort(string authority, string? defaultPort)
    {
        var host = authority[(authority.LastIndexOf('@') + 1)..].ToLowerInvariant();
        var colon = host.LastIndexOf(':');
        var port = colon > host.LastIndexOf(']') ? host[colon..] : "";
        host = host[..^port.Length];
        return (defaultPort is null ? host : host.TrimEnd('.'), port == ":" || port == defaultPort ? "" : port);
    }

    private static string Collapse(string path)
    {
        while (path.Contains("//", StringComparison.Ordinal))
            path = path.Replace("//", "/", StringComparison.Ordinal);
        return path;
    }

    private static string SchemeOf(string uri)
    {
        var colon = uri.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !char.IsAsciiLetter(uri[0]))
            return "";
        foreach (var c in uri.AsSpan(0, colon))
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '-' or '.'))
                return "";
        }

        return uri[..(colon + 1)].ToLowerInvariant();
    }

    private static string? DefaultPort(string scheme) => scheme switch
    {
        "http:" or "ws:" => ":80",
        "https:" or "wss:" => ":443",
        "ftp:" => ":21",
        _ => null,
    };
}
