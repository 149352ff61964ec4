using System.Buffers;

namespace Gateway.Policy.Patterns;

/// <summary>
/// URIs that every reader interprets as the same resource, which most are: no escape, no dot segment, no empty segment,
/// no query, a lowercase host. The only other spelling to consider is the relative one.
/// </summary>
internal static class PlainUri
{
    private static readonly SearchValues<char> Characters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~/:+,@!$'()");

    private static readonly SearchValues<char> OfHosts =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

    private static readonly SearchValues<string> Doubtful =
        SearchValues.Create(["//", "/.", ":."], StringComparison.Ordinal);

    /// <summary>
    /// Returns true for a plain URI of the form <c>scheme://host/path</c> (with an empty host for a file).
    /// </summary>
    public static bool Is(ReadOnlySpan<char> uri)
    {
        if (uri.ContainsAnyExcept(Characters))
            return false;
        var colon = uri.IndexOf(':');
        if (colon <= 0 || !char.IsAsciiLetterLower(uri[0]) || uri[..colon].ContainsAnyExcept(OfHosts)
            || !uri[(colon + 1)..].StartsWith("//", StringComparison.Ordinal))
        {
            return false;
        }

        var afterSlashes = uri[(colon + 3)..];
        var slash = afterSlashes.IndexOf('/');
        var isFile = uri[..colon] is "file";
        return slash >= 0 && slash < afterSlashes.Length - 1 && slash == 0 == isFile
            && !afterSlashes[..slash].ContainsAnyExcept(OfHosts)
            && (isFile || (afterSlashes[0] != '.' && afterSlashes[slash - 1] != '.'))
            && afterSlashes[^1] != '/' && !afterSlashes.ContainsAny(Doubtful);
    }

    /// <summary>Returns the result of <see cref="UriSpellings.Relative"/> for a plain URI.</summary>
    public static string Relative(string plain)
    {
        if (plain.StartsWith("file:", StringComparison.Ordinal) || UriParts.IsFetchedOf(plain))
            return plain;
        var colon = plain.IndexOf(':', StringComparison.Ordinal);
        return string.Concat(plain.AsSpan(0, colon + 1), plain.AsSpan(colon + 3));
    }
}
