namespace Gateway.Policy.Patterns;

/// <summary>
/// Separators that a path spells as escapes: some readers split the path there, others take them as part of a name.
/// They are allowed only if a pattern spells exactly the same ones, so they are replaced by characters that <c>*</c>
/// does not match.
/// </summary>
internal static class EscapedSeparators
{
    /// <summary>The first of the characters that stand for escapes; Unicode never assigns them a meaning.</summary>
    public const char First = '\uFDD0';

    /// <summary>The last of these characters.</summary>
    public const char Last = '\uFDD3';

    private static readonly string[] Escapes = ["%2F", "%5C", "%252F", "%255C"];

    /// <summary>Returns true if a character stands for an escaped separator.</summary>
    public static bool Are(int point) => point is >= First and <= Last;

    /// <summary>Marks escaped separators; returns the same instance if the path has none.</summary>
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

    /// <summary>
    /// Returns true if decoding a marked path still produces a separator, in a spelling that no pattern can have.
    /// </summary>
    public static bool AreHidden(string marked)
    {
        var path = marked[..UriParts.EndOfPath(marked)];
        var decoded = UriEscapes.Decode(UriEscapes.Decode(path));
        return Count(decoded) > Count(path);
    }

    private static int Count(ReadOnlySpan<char> path) => path.Count('/') + path.Count('\\');
}
