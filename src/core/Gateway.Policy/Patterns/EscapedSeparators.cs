namespace Gateway.Policy.Patterns;

/// <summary>
/// Separators that a path spells as escapes: to one reader they divide it, to another they are part of a name. They are
/// allowed only where a pattern spells the very same ones, so they become characters that no <c>*</c> runs over.
/// </summary>
internal static class EscapedSeparators
{
    /// <summary>The first of the characters that stand for escapes; Unicode never gives them a meaning.</summary>
    public const char First = '\uFDD0';

    /// <summary>The last of them.</summary>
    public const char Last = '\uFDD3';

    private static readonly string[] Escapes = ["%2F", "%5C", "%252F", "%255C"];

    /// <summary>Whether a character stands for one.</summary>
    public static bool Are(int point) => point is >= First and <= Last;

    /// <summary>The same instance where the path has none.</summary>
    public static string Mark(string uri)
    {
        if (!uri.Contains('%', StringComparison.Ordinal))
            return uri;
        var end = UriParts.EndOfPath(uri);
        var path = uri[..end];
        for (var i = 0; i < Escapes.Length; i++)
        {
            path = path.Replace(
                Escapes[i], ((char)(First + i)).ToString(), StringComparison.OrdinalIgnoreCase);
        }

        return path.Length == end ? uri : string.Concat(path, uri.AsSpan(end));
    }

    /// <summary>Whether decoding a marked path still brings one forth, spelled as no pattern can be.</summary>
    public static bool AreHidden(string marked)
    {
        var path = marked[..UriParts.EndOfPath(marked)];
        var decoded = UriEscapes.Decode(UriEscapes.Decode(path));
        return Count(decoded) > Count(path);
    }

    private static int Count(ReadOnlySpan<char> path) => path.Count('/') + path.Count('\\');
}
