namespace Gateway.Policy.Schemas.Compiling;

/// <summary>URI references within a schema (RFC 3986 section 5).</summary>
internal static class SchemaUri
{
    /// <summary>Resolves a reference; null if it is not a valid URI reference.</summary>
    public static Uri? Resolve(Uri baseUri, string reference)
    {
        // A fragment alone keeps a base of any scheme, such as a URN, to which no other reference can be relative.
        if (reference.Length == 0 || reference[0] == '#')
            return Create(WithoutFragment(baseUri) + reference);
        if (HasScheme(reference))
            return Create(reference);
        return Uri.TryCreate(baseUri, reference, out var resolved) ? resolved : null;
    }

    public static string WithoutFragment(Uri uri) =>
        uri.Fragment.Length == 0 ? uri.AbsoluteUri.TrimEnd('#') : uri.AbsoluteUri[..^uri.Fragment.Length];

    private static Uri? Create(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : null;

    // The framework takes "/a" for an absolute file path, so the scheme is detected here.
    private static bool HasScheme(string reference)
    {
        var colon = reference.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && char.IsAsciiLetter(reference[0])
            && reference.AsSpan(0, colon).IndexOfAny('/', '?', '#') < 0;
    }
}
